import { describe, expect, it } from 'vitest';
import { openTogether } from './open-together.ts';

/** A part that goes on until it is told to stop, and then takes a while to end. */
function endless(events: string[]) {
  return async (signal: AbortSignal): Promise<never> => {
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await new Promise(setImmediate);
    events.push('ended');
    throw signal.reason;
  };
}

describe('Parts opened together', () => {
  it('are all there when none fails', async () => {
    const { play, model } = await openTogether<{ play: string; model: number }>(undefined, () => ({
      play: Promise.resolve('hamlet'),
      model: Promise.resolve(7),
    }));
    expect([play, model]).toEqual(['hamlet', 7]);
  });

  it('are told to stop when one fails, and have ended before its error is thrown', async () => {
    const events: string[] = [];
    const opening = openTogether<{ model: never; memory: never }>(undefined, (signal) => ({
      model: Promise.reject(new Error('no such model')),
      memory: endless(events)(signal),
    }));
    await expect(opening).rejects.toThrow('no such model');
    expect(events).toEqual(['ended']);
  });

  it('throw the failure that came first, not what it made others fail with', async () => {
    const opening = openTogether<{ late: never; early: never }>(undefined, (signal) => ({
      late: endless([])(signal).catch(() => {
        throw new Error('stopped');
      }),
      early: Promise.reject(new Error('no such play')),
    }));
    await expect(opening).rejects.toThrow('no such play');
  });

  it('are disposed of when another fails', async () => {
    const freed: string[] = [];
    const model = { [Symbol.dispose]: () => freed.push('model') };
    const opening = openTogether<{ model: Disposable; play: never; none: undefined }>(
      undefined,
      () => ({
        model: Promise.resolve(model),
        play: Promise.reject(new Error('no such play')),
        none: Promise.resolve(undefined),
      }),
    );
    await expect(opening).rejects.toThrow('no such play');
    expect(freed).toEqual(['model']);
  });

  it('stop with the reason of the signal that was given', async () => {
    const events: string[] = [];
    const leaving = new AbortController();
    const opening = openTogether<{ memory: never }>(leaving.signal, (signal) => ({
      memory: endless(events)(signal),
    }));
    leaving.abort(new Error('interrupted'));
    await expect(opening).rejects.toThrow('interrupted');
    expect(events).toEqual(['ended']);
  });
});
