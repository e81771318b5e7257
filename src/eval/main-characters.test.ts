import { describe, expect, it } from 'vitest';
import { mill, sourceOf } from '../testing/plays/mill.ts';
import { mainCharacters } from './main-characters.ts';

/** A scene in which each speaks so many words. */
const speaking = (counts: Readonly<Record<string, number>>): string =>
  `# Talk\n\n## ACT I\n\n### SCENE I. A field.\n\n${Object.entries(counts)
    .map(([name, n]) => `**${name}**\n${'word '.repeat(n).trim()}\n`)
    .join('\n')}`;
const named = (counts: Readonly<Record<string, number>>): readonly string[] =>
  mainCharacters(sourceOf(speaking(counts), {}).play);

describe('mainCharacters', () => {
  it('are those who say 770 words, the most talkative first', () => {
    expect(named({ ANNA: 770, PIET: 900, JORIS: 769 })).toEqual(['PIET', 'ANNA']);
  });

  it('are the four who say most in a play where hardly anybody says so much', () => {
    expect(named({ ANNA: 900, PIET: 20, JORIS: 30, KLAAS: 10, TRUUS: 40 })).toEqual([
      'ANNA',
      'TRUUS',
      'JORIS',
      'PIET',
    ]);
    expect(mainCharacters(mill.play)).toHaveLength(4);
  });

  it('never are "ALL", who is nobody', () => {
    expect(named({ ALL: 5000, ANNA: 20 })).toEqual(['ANNA']);
  });
});
