import { expect, it } from 'vitest';
import { sourcesText } from './sources-text.ts';

const line = { place: '1.1.4', speakers: ['ADA'], words: 'My brother sold the silver bell' };

it('says of an own line that it was said, and names others before theirs', () => {
  const sources = [{ kind: 'digest', id: '1.1-2', line }] as const;
  expect(sourcesText({ sources, speaker: 'ADA' })).toBe(
    '(as I said at 1.1.4: “My brother sold the silver bell”)',
  );
  expect(sourcesText({ sources, speaker: 'BEN' })).toBe(
    '(Ada, 1.1.4: “My brother sold the silver bell”)',
  );
});

it('marks what rests on nothing recalled, and what rests on a card', () => {
  expect(sourcesText({ sources: [], speaker: 'ADA' })).toBe('(rests on nothing recalled)');
  expect(sourcesText({ sources: [{ kind: 'card', id: 'card-1' }], speaker: 'ADA' })).toBe(
    '(rests on who they are)',
  );
});
