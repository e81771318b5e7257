import { describe, expect, it } from 'vitest';
import { parsePlay } from './parse.ts';
import { SpokenWords } from './spoken-words.ts';

const play = parsePlay(
  Buffer.from(
    '# The Lantern\n\n## ACT I\n\n### SCENE 1\n\nMARTA. Bring me the lamp,\nold friend.\n\n_She waits._\n\nMARTA. And the night.\n\nTOBIAS. Good-night, o’er and o’er.\n',
  ),
);

describe('The words of a play', () => {
  it('are those of whole speeches, worked out once', () => {
    const spoken = SpokenWords.of(play);
    expect(spoken.bySpeech.flat()).toContain("o'er");
    expect(SpokenWords.of(play)).toBe(spoken);
  });

  it.each([
    ['the lamp', true],
    ['LAMP, old friend', true],
    ['lamp', true],
    ['good-night', true],
    ['night', true],
    ['amp', false],
    ['friend and', false],
    ['the friend', false],
    ['night good-night', false],
    ['telephone', false],
  ])('have %j: %s', (phrase, isSaid) => {
    expect(SpokenWords.of(play).has(phrase)).toBe(isSaid);
  });
});
