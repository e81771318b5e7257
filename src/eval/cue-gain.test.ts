import { describe, expect, it } from 'vitest';
import type { ScoreAnswer } from '../measure/row.ts';
import { cuedTurns, cuePairs } from './cue-gain.ts';
import type { Request } from './task.ts';

const turns = [
  ['MARTA', 'The boat is late.'],
  ['BRUNO', 'What boat?'],
  ['MARTA', 'Mine, with the salt.'],
  ['BRUNO', 'Then we wait for it.'],
  ['ODILE', ''],
  ['MARTA', 'Ødegård!'],
  ['BRUNO', 'Who is he?'],
  ['ODILE', 'A man of the north.'],
  ['MARTA', 'My man.'],
].map(([speaker, text]) => ({ speaker: speaker!, text: text! }));
const pairs = cuePairs(turns, 'seed');
const lastOf = (request: Request) =>
  request.kind === 'score' && request.context.kind === 'scene'
    ? request.context.turns.at(-1)!
    : undefined;

describe('cuePairs', () => {
  it('asks for each turn but the first and the empty, after its cue and after other words', () => {
    expect(pairs.map(({ at }) => at)).toEqual([1, 2, 3, 5, 6]);
    for (const { at, requests } of pairs) {
      const [own, other] = requests.map(lastOf);
      expect(own).toEqual(turns[at - 1]);
      expect(other!.speaker).toBe(own!.speaker);
      expect(other!.text).not.toBe(own!.text);
      const saidAt = turns.findIndex(({ text }) => text === other!.text);
      expect(saidAt).toBeGreaterThan(at + 1);
      expect(turns[saidAt]!.speaker).not.toBe(turns[at]!.speaker);
      for (const request of requests)
        expect(request).toMatchObject({
          continuations: [turns[at]!.text],
          context: { speaker: turns[at]!.speaker, turns: { length: at } },
        });
    }
  });

  it('draws by the seed', () => {
    const drawn = (seed: string) => JSON.stringify(cuePairs(turns, seed));
    expect(drawn('seed')).toBe(drawn('seed'));
    expect(new Set(['a', 'b', 'c', 'd'].map(drawn)).size).toBeGreaterThan(1);
  });

  it('leaves out a turn for which there are no other words', () => {
    expect(cuePairs(turns.slice(0, 2), 'seed')).toEqual([]);
  });
});

describe('cuedTurns', () => {
  it('gain where the cue makes them likelier, and surprise as they stand', () => {
    const answer = (nats: number): ScoreAnswer => ({ kind: 'score', nats: [nats], tokens: [1] });
    const answers = pairs.flatMap((_, i) => [answer(-10), answer(-10 - 11 * (i % 2 ? -1 : 1))]);
    const cued = cuedTurns(pairs, answers);
    expect(cued.map(({ gain }) => gain)).toEqual([11, -11, 11, -11, 11]);
    expect(cued.map(({ surprise }) => surprise)).toEqual(pairs.map(() => 10));
    expect(pairs[3]!.bytes, 'bytes, not letters').toBe(10);
  });
});
