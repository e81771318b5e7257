import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { errnoOf, reasonOf } from './disk.ts';

const failed = (code: string): Error => Object.assign(new Error(code), { code });

describe('The name of a system error', () => {
  it('is what the system calls it, if it is one', () => {
    expect(errnoOf(failed('ENOSPC'))).toBe('ENOSPC');
    expect(errnoOf(failed('ERR_INVALID_ARG_TYPE'))).toBeUndefined();
    expect(errnoOf(new Error('no'))).toBeUndefined();
  });

  it('is found for those that Node has none for, such as a quota that is used up', () => {
    const unknown = (number: number) => failed(`Unknown system error -${number}`);
    expect(errnoOf(unknown(constants.errno.EDQUOT))).toBe('EDQUOT');
    expect(errnoOf(unknown(constants.errno.ESTALE))).toBe('ESTALE');
    expect(reasonOf(unknown(constants.errno.EDQUOT))).toBe('the disk quota is used up (EDQUOT)');
    expect(errnoOf(unknown(9999))).toBe('EIO');
  });
});
