import { describe, expect, it } from 'vitest';
import { Pool } from './pool.ts';

/** What a pool opens here: counts its openings and whether it was freed. */
class Thing implements Disposable {
  isFreed = false;
  [Symbol.dispose](): void {
    this.isFreed = true;
  }
}

/** An opening that ends when it is told to, and that hears when it is abandoned. */
function slowly() {
  const thing = new Thing();
  let openings = 0;
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let heard: AbortSignal | undefined;
  const open = async (signal: AbortSignal): Promise<Thing> => {
    openings++;
    heard = signal;
    await ended;
    return thing;
  };
  return { thing, open, end, openings: () => openings, isAbandoned: () => heard?.aborted };
}

describe('A pool', () => {
  it('opens a thing once for all who ask, and frees it when the last has left', async () => {
    const pool = new Pool<Thing>();
    const { thing, open, end, openings } = slowly();
    const asking = [pool.lease('a', open), pool.lease('a', open)];
    end();
    const [first, second] = await Promise.all(asking);
    const third = await pool.lease('a', open);
    expect(openings()).toBe(1);
    expect(new Set([first!.value, second!.value, third.value]).size).toBe(1);
    first![Symbol.dispose]();
    first![Symbol.dispose](); // twice counts once
    third[Symbol.dispose]();
    expect(thing.isFreed).toBe(false);
    second![Symbol.dispose]();
    await Promise.resolve();
    expect(thing.isFreed).toBe(true);
    expect(pool.size).toBe(0);
  });

  it('opens a thing anew after it was freed', async () => {
    const pool = new Pool<Thing>();
    const first = await pool.lease('a', async () => new Thing());
    first[Symbol.dispose]();
    const second = await pool.lease('a', async () => new Thing());
    expect(second.value).not.toBe(first.value);
    expect(second.value.isFreed).toBe(false);
  });

  it('goes on opening for those who still wait when one gives up', async () => {
    const pool = new Pool<Thing>();
    const { thing, open, end, isAbandoned } = slowly();
    const givingUp = new AbortController();
    const first = pool.lease('a', open, givingUp.signal);
    const second = pool.lease('a', open);
    givingUp.abort(new Error('no patience'));
    await expect(first).rejects.toThrow('no patience');
    expect(isAbandoned()).toBe(false);
    end();
    expect((await second).value).toBe(thing);
    expect(thing.isFreed).toBe(false);
  });

  it('aborts the opening when the last gives up, and has ended it before it says so', async () => {
    const pool = new Pool<Thing>();
    const { thing, open, end, isAbandoned } = slowly();
    const givingUp = new AbortController();
    let isSettled = false;
    const lease = pool.lease('a', open, givingUp.signal).finally(() => {
      isSettled = true;
    });
    lease.catch(() => {});
    givingUp.abort(new Error('no patience'));
    await new Promise(setImmediate);
    expect(isAbandoned()).toBe(true);
    expect(isSettled).toBe(false);
    end();
    await expect(lease).rejects.toThrow('no patience');
    expect(thing.isFreed).toBe(true);
    expect(pool.size).toBe(0);
  });

  it('keeps nothing of an opening that failed', async () => {
    const pool = new Pool<Thing>();
    const failing = async (): Promise<Thing> => {
      throw new Error('no such thing');
    };
    await expect(pool.lease('a', failing)).rejects.toThrow('no such thing');
    expect(pool.size).toBe(0);
    await expect(pool.lease('a', async () => new Thing())).resolves.toBeDefined();
  });

  it('frees everything when it is disposed of, also what is held', async () => {
    const pool = new Pool<Thing>();
    const leases = [
      await pool.lease('a', async () => new Thing()),
      await pool.lease('b', async () => new Thing()),
      await pool.lease('b', async () => new Thing()),
    ];
    pool[Symbol.dispose]();
    await Promise.resolve();
    expect(leases.map(({ value }) => value.isFreed)).toEqual([true, true, true]);
    for (const lease of leases) lease[Symbol.dispose](); // has nothing left to free
    expect(pool.size).toBe(0);
  });
});
