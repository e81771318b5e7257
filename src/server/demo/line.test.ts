import { describe, expect, it } from 'vitest';
import { Line } from './line.ts';

const never = new AbortController().signal;

describe('A line', () => {
  it('serves one after another, and tells those behind whoever leaves', async () => {
    const line = new Line(2);
    const [a, b, c] = [line.enter(), line.enter(), line.enter()];
    expect([a, b, c].map(({ ahead }) => ahead)).toEqual([0, 1, 2]);
    const moved = c.moved(never);
    b[Symbol.dispose]();
    await moved;
    expect([a.ahead, c.ahead, line.length]).toEqual([0, 1, 2]);
    const first = c.moved(never);
    a[Symbol.dispose]();
    a[Symbol.dispose]();
    await first;
    expect(c.ahead).toBe(0);
  });

  it('refuses whoever comes when as many wait as may, until one has left', () => {
    const line = new Line(1);
    const first = line.enter();
    line.enter();
    expect(() => line.enter()).toThrow(expect.objectContaining({ status: 503, retryAfter: 10 }));
    first[Symbol.dispose]();
    expect(line.enter().ahead).toBe(1);
  });

  it('lets go of who waits when their signal aborts', async () => {
    const line = new Line(1);
    line.enter();
    const waits = line.enter();
    await expect(waits.moved(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    const controller = new AbortController();
    const moved = waits.moved(controller.signal);
    controller.abort(new Error('left'));
    await expect(moved).rejects.toThrow('left');
  });
});
