import { describe, expect, it } from 'vitest';
import { wishOf } from './wishes.ts';

describe('A key', () => {
  it('means what the help says, or nothing', () => {
    const keys = ['space', 's', 'n', 'e', 'f', '?', 'q', 'ctrl-d', 'ctrl-c'];
    expect(keys.map((key) => wishOf(key)?.kind)).toEqual([
      ...['pause', 'say', 'note', 'edit', 'fork', 'help', 'leave', 'leave', 'interrupt'],
    ]);
    expect(wishOf('3')).toEqual({ kind: 'next', index: 2 });
    for (const key of ['0', 'x', 'constructor', '']) expect(wishOf(key)).toBeUndefined();
  });
});
