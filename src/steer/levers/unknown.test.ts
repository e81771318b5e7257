import { expect, it } from 'vitest';
import { unknownGrammar } from './unknown.ts';

it('pushes each word down by its rarity', () => {
  const entries = [
    { word: 'smuggler', rarity: 3 },
    { word: 'storm', rarity: 1.5 },
  ];
  expect(unknownGrammar(entries)).toBe(
    '%lexicon unknown +0.0000 { "smuggler" -3.0000 "storm" -1.5000 }\n',
  );
});

it('is no grammar where nothing is unknown', () => {
  expect(unknownGrammar([])).toBe('');
});
