import { describe, expect, it } from 'vitest';
import { AddressLimits } from './address-limits.ts';

const second = 1000;
const minute = 60 * second;

describe('Limits of an address', () => {
  it('are so many times in any minute, and say when the next may come', () => {
    const limits = new AddressLimits({ perMinute: 2, perHour: 100 });
    expect([0, 10, 20].map((at) => limits.take('10.0.0.1', at * second))).toEqual([0, 0, 40]);
    expect(limits.take('10.0.0.2', 20 * second)).toBe(0);
    expect(limits.take('10.0.0.1', 60 * second)).toBe(0);
    expect(limits.take('10.0.0.1', 61 * second)).toBe(9);
  });

  it('are so many times in any hour, and what was refused is not counted', () => {
    const limits = new AddressLimits({ perMinute: 10, perHour: 3 });
    const at = [0, 10, 20, 30, 40].map((now) => limits.take('10.0.0.1', now * minute));
    expect(at).toEqual([0, 0, 0, 30 * 60, 20 * 60]);
    expect(limits.take('10.0.0.1', 60 * minute)).toBe(0);
  });

  it('are shared by the addresses of version 6 that one network has, however they are written', () => {
    const limits = new AddressLimits({ perMinute: 1, perHour: 10 });
    const waits = [
      '2001:db8::1',
      '2001:0db8:0:0:ffff::2',
      '2001:db8:0:1::1',
      '::ffff:10.0.0.1',
      '10.0.0.1',
    ];
    expect(waits.map((address) => limits.take(address, second) > 0)).toEqual([
      false,
      true,
      false,
      false,
      true,
    ]);
  });

  it('are remembered for an hour, and of so many addresses', () => {
    const limits = new AddressLimits({ perMinute: 1, perHour: 10, mostAddresses: 3 });
    for (const i of [1, 2, 3, 4, 5]) limits.take(`10.0.0.${i}`, i);
    expect(limits.size).toBe(3);
    limits.take('10.0.1.1', 61 * minute);
    expect(limits.size).toBe(1);
  });
});
