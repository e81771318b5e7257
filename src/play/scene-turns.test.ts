import { describe, expect, it } from 'vitest';
import { printings } from '../testing/plays/ostrava.ts';
import { parsePlay } from './parse.ts';
import { sceneTurns } from './scene-turns.ts';
import { speeches } from './speeches.ts';
import { words } from './words.ts';

const lantern = parsePlay(new TextEncoder().encode(printings.Markdown));

describe('sceneTurns', () => {
  it('gives the whole speeches of a play, in order', () => {
    for (const text of Object.values(printings)) {
      const play = parsePlay(new TextEncoder().encode(text));
      const turns = sceneTurns(play).flatMap((scene) => scene.turns);
      expect(
        turns.map(({ place, text, present }) => ({ place, present, said: words(text) })),
      ).toEqual(
        [...speeches(play)].map(({ speech: { place, lines, present } }) => ({
          place,
          present,
          said: words(lines.join(' ')),
        })),
      );
    }
  });

  it('names joint speakers together', () => {
    const joint = sceneTurns(lantern)
      .flatMap(({ turns }) => turns)
      .find(({ speakers }) => speakers.length > 1);
    expect(joint?.speaker).toBe('FIRST WATCHMAN and SECOND WATCHMAN');
  });

  it('puts directions where they happen, the first ones before the first speech', () => {
    const [quay] = sceneTurns(lantern);
    expect(quay?.opening).toBe('[Enter MARTA and FERRYMAN]');
    expect(quay?.turns[1]?.textOnStage).toBe(
      'Not I, good mistress. Ask the two that watch. [Exit FERRYMAN]',
    );
    expect(quay?.turns.at(-1)?.textOnStage).toBe(
      '[Aside] He counts his shoes before he counts his kin. I come, I come. [Exeunt]',
    );
  });

  it('is worked out once for a play', () => {
    expect(sceneTurns(lantern)).toBe(sceneTurns(lantern));
  });
});
