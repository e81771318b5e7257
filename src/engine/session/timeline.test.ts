import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timeline } from './timeline.ts';

const tokens = (...ids: number[]): Int32Array => Int32Array.from(ids);
const always = (key: string) => (): string => key;

function timelineOf(ids: readonly number[], key = 'none'): Timeline {
  const timeline = new Timeline();
  timeline.push(
    ids,
    ids.map(() => key),
  );
  return timeline;
}

describe('A timeline', () => {
  it('shares with a prompt what has the same tokens under the same keys', () => {
    const timeline = timelineOf([1, 2, 3]);
    timeline.push([4, 5], ['ham', 'ham']);
    const prompt = tokens(1, 2, 3, 4, 9);
    expect(timeline.common(prompt, (i) => (i < 3 ? 'none' : 'ham'))).toBe(4);
    expect(timeline.common(prompt, always('none'))).toBe(3);
    expect(timeline.common(prompt, always('ham'))).toBe(0);
    expect(timeline.common(tokens(1, 2), always('none'))).toBe(2);
    expect(timeline.common(tokens(), always('none'))).toBe(0);
  });

  it('has excess in the engine from a cut on, until the engine has forgotten it', () => {
    const timeline = timelineOf([1, 2, 3]);
    expect(timeline.hasExcess).toBe(false);
    timeline.forget(1);
    expect([timeline.length, timeline.hasExcess]).toEqual([1, true]);
    timeline.cut(1);
    expect(timeline.hasExcess).toBe(false);
    // A model that cannot go back part of the way has forgotten all.
    timeline.cut(0);
    expect(timeline.length).toBe(0);
  });

  it('drops what was evaluated under a key that no longer holds, and all that follows', () => {
    const timeline = timelineOf([1, 2]);
    timeline.push([3, 4], ['ham', 'none']);
    timeline.forgetOthers(always('none'));
    expect([...timeline.tokens()]).toEqual([1, 2]);
    timeline.forgetOthers(always('none'));
    expect(timeline.length).toBe(2);
  });

  it('adds a drawn token when a step has evaluated it, once', () => {
    const timeline = timelineOf([1]);
    timeline.draw(7);
    expect([timeline.length, timeline.drawn]).toEqual([1, 7]);
    timeline.pushDrawn('ham');
    timeline.pushDrawn('ham');
    expect([...timeline.tokens()]).toEqual([1, 7]);
    expect(timeline.common(tokens(1, 7), (i) => (i === 0 ? 'none' : 'ham'))).toBe(2);
  });

  it('forgets a drawn token with what it was drawn after', () => {
    const timeline = timelineOf([1, 2]);
    timeline.draw(7);
    timeline.forget(2);
    expect(timeline.drawn).toBe(7);
    timeline.forget(1);
    expect(timeline.drawn).toBeUndefined();
  });

  it('holds a prefix until one of its tokens is forgotten, also if the same comes again', () => {
    const timeline = timelineOf([1, 2]);
    timeline.hold();
    timeline.push([3], ['none']);
    const prefix = tokens(1, 2);
    expect(timeline.isHeld(prefix, always('none'))).toBe(true);
    expect(timeline.isHeld(prefix, always('ham'))).toBe(false);
    expect(timeline.isHeld(tokens(1), always('none'))).toBe(false);
    timeline.forget(2);
    expect(timeline.isHeld(prefix, always('none'))).toBe(true);
    timeline.forget(1);
    timeline.push([2], ['none']);
    expect(timeline.isHeld(prefix, always('none'))).toBe(false);
  });

  it('holds nothing after a reset, not even nothing', () => {
    const timeline = timelineOf([1]);
    timeline.forget(0);
    timeline.hold();
    expect(timeline.isHeld(tokens(), always('none'))).toBe(true);
    timeline.reset();
    expect(timeline.isHeld(tokens(), always('none'))).toBe(false);
  });

  it('forks with its tokens, which the two then change apart', () => {
    const timeline = timelineOf([1, 2, 3]);
    const fork = timeline.fork();
    expect([fork.length, fork.ownLength, fork.hasExcess]).toEqual([3, 0, false]);
    fork.push([4], ['none']);
    expect([fork.ownLength, timeline.length]).toEqual([1, 3]);
    fork.forget(2);
    fork.push([9, 9], ['none', 'none']);
    expect([fork.ownLength, timeline.ownLength]).toEqual([2, 3]);
    expect([...timeline.tokens()]).toEqual([1, 2, 3]);
  });

  it('gives a copy of its tokens, up to a position or without the last ones', () => {
    const timeline = timelineOf([1, 2, 3]);
    const copy = timeline.tokens();
    copy[0] = 9;
    expect([...timeline.tokens(2)]).toEqual([1, 2]);
    expect([...timeline.tokens(-2)]).toEqual([1]);
  });

  it('is what is left of a list of pairs, whatever is pushed and forgotten', () => {
    const change = fc.oneof(
      fc.record({ push: fc.array(fc.nat(3), { maxLength: 4 }), key: fc.constantFrom('a', 'b') }),
      fc.record({ forget: fc.nat(8) }),
      fc.record({ prompt: fc.array(fc.nat(3), { maxLength: 8 }), key: fc.constantFrom('a', 'b') }),
    );
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const timeline = new Timeline();
        let slow: { token: number; key: string }[] = [];
        for (const one of changes) {
          if ('push' in one) {
            timeline.push(
              one.push,
              one.push.map(() => one.key),
            );
            slow = [...slow, ...one.push.map((token) => ({ token, key: one.key }))];
          } else if ('forget' in one) {
            timeline.forget(one.forget);
            slow = slow.slice(0, one.forget);
          } else {
            const wrong = slow.findIndex(
              ({ token, key }, i) => one.prompt[i] !== token || key !== one.key,
            );
            const expected = Math.min(one.prompt.length, wrong < 0 ? slow.length : wrong);
            expect(timeline.common(tokens(...one.prompt), always(one.key))).toBe(expected);
          }
          expect([...timeline.tokens()]).toEqual(slow.map(({ token }) => token));
        }
      }),
    );
  });
});
