import { describe, expect, it } from 'vitest';
import { FactPush, type PushedModel } from './fact-push.ts';

/** Tokens are words, with the space before them; 0 ends a reply. */
const ids = new Map<string, number>();
const idOf = (piece: string): number => {
  if (!ids.has(piece)) ids.set(piece, ids.size + 1);
  return ids.get(piece)!;
};
const model: PushedModel = {
  piece: (token: number) => Buffer.from([...ids].find(([, id]) => id === token)?.[0] ?? ''),
  tokenize: (text: string) => Int32Array.from(text.match(/ ?[^ ]+/g) ?? [], idOf),
  info: { ends: Int32Array.of(0) },
};
const push = (fact: string) => new FactPush(model, { fact, push: 3, end: 4 });

describe('FactPush', () => {
  it('pushes the words of the fact, the first one also without a space before it', () => {
    const { bias } = push('Ada lit the lamp.');
    for (const piece of [' Ada', ' lit', ' the', ' lamp.']) expect(bias.get(idOf(piece))).toBe(3);
    expect(bias.get(idOf('Ada'))).toBeGreaterThan(3);
    expect(bias.size).toBe(5);
  });

  it('stops pushing a word once it was said as often as the fact says it', () => {
    const pushed = push('I saw what I saw.');
    pushed.say(idOf(' saw'));
    expect(pushed.bias.has(idOf(' saw'))).toBe(false);
    pushed.say(idOf(' I'));
    expect(pushed.bias.has(idOf(' I'))).toBe(false);
  });

  it('pushes the end once most of the fact was said and a sentence is over, and not before', () => {
    const pushed = push('Ben sold the old bell.');
    for (const piece of ['Ben', ' sold', ' the']) pushed.say(idOf(piece));
    expect(pushed.bias.has(0)).toBe(false);
    pushed.say(idOf(' old'));
    expect(pushed.bias.has(0)).toBe(false);
    pushed.say(idOf(' bell.'));
    expect(pushed.bias.get(0)).toBe(4);
    pushed.takeBack(idOf(' bell.'));
    expect(pushed.bias.has(0)).toBe(false);
  });

  it('pushes the end of a reply that has become longer than its fact, wherever it stands', () => {
    const pushed = push('Ben sold the old bell.');
    for (const piece of ['Ben', ' sold', ' the', ' old', ' horse', ' and']) pushed.say(idOf(piece));
    expect(pushed.bias.has(0)).toBe(false);
    pushed.say(idOf(' more'));
    expect(pushed.bias.get(0)).toBe(4);
  });

  it('pushes what comes next in the fact more than its other words', () => {
    const pushed = push('Ben saw Ada and Ada saw him.');
    const next = (): number[] =>
      [...pushed.bias].filter(([, nats]) => nats > 3).map(([token]) => token);
    expect(next()).toEqual([idOf('Ben')]);
    pushed.say(idOf(' saw'));
    expect(next()).toEqual([idOf(' Ada'), idOf(' him.')]);
    pushed.say(idOf(' Ada'));
    expect(next()).toEqual([idOf(' and')]);
  });

  it('takes back what is taken back, and counts no word that is not the fact’s', () => {
    const pushed = push('Ben sold the old bell.');
    const before = pushed.bias;
    pushed.say(idOf(' Ben'));
    pushed.say(idOf(' gold'));
    pushed.takeBack(idOf(' gold'));
    pushed.takeBack(idOf(' Ben'));
    expect(pushed.bias).toEqual(before);
  });
});
