import { describe, expect, it } from 'vitest';
import { Slots } from './slots.ts';

describe('Slots', () => {
  it('are taken in the order asked, also by who wants many', async () => {
    const slots = new Slots(3);
    const first = await slots.take(2);
    const order: string[] = [];
    const many = slots.take(3).then((lease) => {
      order.push('many');
      return lease;
    });
    const one = slots.take(1).then((lease) => {
      order.push('one');
      return lease;
    });
    expect(slots.waiting).toBe(2);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    (await many)[Symbol.dispose]();
    (await one)[Symbol.dispose]();
    expect(order).toEqual(['many', 'one']);
    expect(slots.busy).toBe(0);
  });

  it('are given up by who is idle, the oldest first and no more than are wanted', async () => {
    const slots = new Slots(3);
    const gone: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const lease = await slots.take(1);
      lease.offer(() => {
        gone.push(name);
        lease[Symbol.dispose]();
      });
    }
    await slots.take(2);
    expect(gone).toEqual(['a', 'b']);
    expect(slots.busy).toBe(3);
  });

  it('are not given up by who is in use again', async () => {
    const slots = new Slots(1);
    const lease = await slots.take(1);
    const offer = lease.offer(() => lease[Symbol.dispose]());
    offer[Symbol.dispose]();
    const waiting = slots.take(1);
    expect(slots.waiting).toBe(1);
    lease.offer(() => lease[Symbol.dispose]());
    await waiting;
  });

  it('free the place of who leaves while they wait', async () => {
    const slots = new Slots(2);
    const held = await slots.take(1);
    const leaving = new AbortController();
    const many = slots.take(2, leaving.signal);
    const one = slots.take(1);
    leaving.abort(new Error('gone'));
    await expect(many).rejects.toThrow('gone');
    (await one)[Symbol.dispose]();
    held[Symbol.dispose]();
    expect([slots.busy, slots.waiting]).toEqual([0, 0]);
    await expect(slots.take(1, leaving.signal)).rejects.toThrow('gone');
  });

  it('can be given away in parts', async () => {
    const slots = new Slots(4);
    const all = await slots.take(3);
    const part = all.split(1);
    all[Symbol.dispose]();
    expect(slots.busy).toBe(1);
    part[Symbol.dispose]();
    expect(slots.busy).toBe(0);
    expect(() => part.split(1)).toThrow(RangeError);
  });

  it('refuse who finds too many waiting, and who wants more than there are', async () => {
    const slots = new Slots(1, { mostWaiting: 1 });
    await slots.take(1);
    slots.take(1).catch(() => {});
    await expect(slots.take(1)).rejects.toMatchObject({ code: 'BUSY' });
    await expect(slots.take(2)).rejects.toMatchObject({ code: 'USAGE' });
  });
});
