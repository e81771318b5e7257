import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lighthouse } from '../memory/lighthouse.test.support.ts';
import { printings } from '../play/invented-play.test.texts.ts';
import { parsePlay } from '../play/parse.ts';
import { speeches } from '../play/speeches.ts';
import { words } from '../play/words.ts';
import {
  firstWords,
  lastWords,
  sceneTurns,
  type Turn,
  turnsBefore,
  turnsShuffled,
  windowBefore,
  windowStart,
} from './scene-turns.ts';

const lantern = parsePlay(new TextEncoder().encode(printings.Markdown));

/** Turns of given lengths; the words of turn 2 are "2.0 2.1 …", so that each is found again. */
const turnsOf = (lengths: readonly number[]): Turn[] =>
  lengths.map((length, i) => {
    const text = Array.from({ length }, (_, n) => `${i}.${n}`).join(' ');
    const speaker = `S${i % 3}`;
    const place = `1.1.${i + 1}`;
    return {
      speaker,
      speakers: [speaker],
      text,
      textOnStage: text,
      place,
      present: [],
      words: length,
    };
  });

describe('sceneTurns', () => {
  it('gives the whole speeches of a play, in order', () => {
    for (const play of [lighthouse, lantern]) {
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

describe('turnsBefore', () => {
  it('takes whole turns as long as they fit', () => {
    const turns = turnsOf([5, 4, 3, 9]);
    expect(turnsBefore(turns, 3, 8).map(({ text }) => text)).toEqual([
      turns[1]!.text,
      turns[2]!.text,
    ]);
  });

  it('cuts the nearest turn at its start if it alone is too long', () => {
    expect(turnsBefore(turnsOf([5, 6, 2]), 2, 3)).toEqual([{ speaker: 'S1', text: '1.3 1.4 1.5' }]);
  });

  it('is empty before the first turn', () => {
    expect(turnsBefore(turnsOf([5]), 0, 100)).toEqual([]);
  });
});

describe('windowStart', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 450 }), { minLength: 1, maxLength: 60 });

  it('is the start of the scene while that has 1,000 words at most', () => {
    expect(windowStart(turnsOf([400, 400, 200, 1]), 3)).toBe(0);
    expect(windowStart(turnsOf([400, 400, 201, 1]), 3)).toBe(2);
  });

  it('keeps about 300 words when it moves, and never more than 1,000 in all', () => {
    fc.assert(
      fc.property(lengths, (all) => {
        const turns = turnsOf(all);
        for (let at = 1; at <= turns.length; at++) {
          const held = turns.slice(windowStart(turns, at), at);
          const count = held.reduce((sum, turn) => sum + turn.words, 0);
          expect(count).toBeLessThanOrEqual(1000);
          const moved = windowStart(turns, at) !== windowStart(turns, at - 1);
          if (moved && held.length > 1) expect(count).toBeLessThanOrEqual(300);
        }
      }),
    );
  });

  it('grows at its end only, between two moves', () => {
    fc.assert(
      fc.property(lengths, (all) => {
        const turns = turnsOf(all);
        for (let at = 1; at < turns.length; at++) {
          const now = windowBefore(turns, at);
          const next = windowBefore(turns, at + 1);
          if (windowStart(turns, at) === windowStart(turns, at + 1))
            expect(next.slice(0, now.length)).toEqual(now);
        }
      }),
    );
  });
});

describe('firstWords and lastWords', () => {
  it('cut between words and keep what stands by them', () => {
    expect(firstWords('Stand! Who goes by?', 2)).toBe('Stand! Who');
    expect(lastWords('Stand! Who goes by?', 2)).toBe('goes by?');
    expect(firstWords('Stand!', 9)).toBe('Stand!');
  });
});

describe('turnsShuffled', () => {
  it('keeps every turn, and is the same every time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.string(), (count, seed) => {
        const turns = turnsOf(Array.from({ length: count }, () => 2));
        const order = turnsShuffled(turns, seed);
        expect([...order].sort(byText)).toEqual([...turns].sort(byText));
        expect(turnsShuffled(turns, seed)).toEqual(order);
      }),
    );
  });

  it('gives a longer context the same beginning', () => {
    const turns = turnsOf(Array.from({ length: 30 }, () => 2));
    for (let length = 1; length < turns.length; length++) {
      const now = turnsShuffled(turns.slice(0, length), 'seed');
      const next = turnsShuffled(turns.slice(0, length + 1), 'seed');
      const shared = now.findIndex((turn, i) => turn !== next[i]);
      // All but the last block, of at most seven turns.
      if (shared >= 0) expect(now.length - shared).toBeLessThanOrEqual(7);
    }
  });
});

function byText(a: { readonly text: string }, b: { readonly text: string }): number {
  return a.text < b.text ? -1 : 1;
}
