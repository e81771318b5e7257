import { describe, expect, it } from 'vitest';
import type { ScoreAnswer } from '../measure/row.ts';
import { cueGains, cuePairs } from './cue-gain.ts';
import type { Request } from './task.ts';

const turns = [
  ['MARTA', 'The boat is late.'],
  ['BRUNO', 'What boat?'],
  ['MARTA', 'Mine, with the salt.'],
  ['BRUNO', 'Then we wait for it.'],
  ['ODILE', ''],
  ['MARTA', 'Ødegård!'],
].map(([speaker, text]) => ({ speaker: speaker!, text: text! }));
const pairs = cuePairs(turns, 'seed');
const lastOf = (request: Request) =>
  request.kind === 'score' && request.context.kind === 'scene'
    ? request.context.turns.at(-1)!
    : undefined;

describe('cuePairs', () => {
  it('asks for each turn but the first and the empty, after its cue and after other words', () => {
    expect(pairs.map(({ at }) => at)).toEqual([1, 2, 3, 5]);
    for (const { at, requests } of pairs) {
      const [own, other] = requests.map(lastOf);
      expect(own).toEqual(turns[at - 1]);
      expect(other!.speaker).toBe(own!.speaker);
      expect(other!.text).not.toBe(own!.text);
      const saidBy = turns.find(({ text }) => text === other!.text)!.speaker;
      expect(saidBy).not.toBe(turns[at]!.speaker);
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

describe('cueGains', () => {
  it('are nats a byte, above 0 for what the cue makes likelier', () => {
    const answer = (nats: number): ScoreAnswer => ({ kind: 'score', nats: [nats], tokens: [1] });
    const answers = pairs.flatMap((_, i) => [answer(-10), answer(-10 - 11 * (i % 2 ? -1 : 1))]);
    const bytes = ['What boat?', 'Mine, with the salt.', 'Then we wait for it.', 'Ødegård!'].map(
      (text) => new TextEncoder().encode(text).length,
    );
    expect(bytes.at(-1)).toBe(10);
    expect(cueGains(pairs, answers)).toEqual([11, -11, 11, -11].map((gain, i) => gain / bytes[i]!));
  });
});
