import { describe, expect, it } from 'vitest';
import { isAmong } from './span.ts';

describe('isAmong', () => {
  it('is so where a line is shared, and nowhere else', () => {
    const spans = [
      { from: '1.2.10', end: '1.2.20' },
      { from: '3.1.5', end: '3.1.5' },
    ];
    const shares = (place: string, end: string): boolean => isAmong({ place, end }, spans);
    expect(shares('1.2.1', '1.2.10')).toBe(true);
    expect(shares('1.2.20', '1.2.30')).toBe(true);
    expect(shares('1.2.12', '1.2.13')).toBe(true);
    expect(shares('3.1.1', '3.1.9')).toBe(true);
    expect(shares('1.2.1', '1.2.9')).toBe(false);
    expect(shares('1.2.21', '1.2.30')).toBe(false);
    expect(shares('2.2.12', '2.2.13')).toBe(false);
  });
});
