import { describe, expect, it } from 'vitest';
import { sideBySide } from './side-by-side.ts';

/** Tasks that end when they are told to. */
function tasks(count: number) {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const fails: ((reason: Error) => void)[] = [];
  const all = Array.from({ length: count }, (_, i) => ({
    i,
    run: () =>
      new Promise<void>((done, fail) => {
        begun.push(i);
        ends[i] = done;
        fails[i] = fail;
      }),
  }));
  return { all, begun, ends, fails };
}

describe('sideBySide', () => {
  it('runs so many at a time, and yields each as it is done', async () => {
    const { all, begun, ends } = tasks(4);
    const done = sideBySide(all, 2);
    const first = done.next();
    expect(begun).toEqual([0, 1]);
    ends[1]!();
    expect((await first).value?.i).toBe(1);
    const second = done.next();
    expect(begun).toEqual([0, 1, 2]);
    ends[0]!();
    expect((await second).value?.i).toBe(0);
    const rest = (async () => {
      const seen: number[] = [];
      for await (const { i } of done) seen.push(i);
      return seen;
    })();
    ends[2]!();
    await new Promise((next) => setImmediate(next));
    ends[3]!();
    expect(await rest).toEqual([2, 3]);
  });

  it('begins no other when one fails, and throws once the others have ended', async () => {
    const { all, begun, ends, fails } = tasks(4);
    const done = sideBySide(all, 2);
    let error: unknown;
    const failing = done.next().catch((reason: unknown) => {
      error = reason;
    });
    fails[0]!(new Error('the lamp is out'));
    await new Promise((next) => setImmediate(next));
    expect(error).toBeUndefined();
    ends[1]!();
    await failing;
    expect(error).toMatchObject({ message: 'the lamp is out' });
    expect(begun).toEqual([0, 1]);
  });

  it('begins none when there is no time for more, and waits for those that run', async () => {
    const { all, begun, ends } = tasks(3);
    let isTime = true;
    const done = sideBySide(all, 2, () => isTime);
    const first = done.next();
    isTime = false;
    ends[0]!();
    expect((await first).value?.i).toBe(0);
    const second = done.next();
    ends[1]!();
    expect((await second).value?.i).toBe(1);
    expect(await done.next()).toEqual({ done: true, value: undefined });
    expect(begun).toEqual([0, 1]);
  });

  it('does nothing for no task', async () => {
    for await (const _ of sideBySide([], 3)) expect.unreachable();
  });
});
