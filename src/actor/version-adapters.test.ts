import { describe, expect, it } from 'vitest';
import { templateVersion } from '../prompt/prompt.ts';
import { incompatibilityOf, type Training } from './version-adapters.ts';

const base = 'b'.repeat(64);
const occasion = { base, form: 'script' } as const;
const trained: Training = {
  ...{ base: { sha256: base, name: 'tiny' }, form: 'script', templateVersion },
};

describe('misfitOf', () => {
  it('finds nothing against a version of the same base, form and prompt', () => {
    expect(incompatibilityOf(trained, occasion)).toBeUndefined();
  });

  it('finds nothing against a file that says nothing of itself', () => {
    expect(incompatibilityOf({}, occasion)).toBeUndefined();
  });

  it('names what differs, with both values', () => {
    const other = { sha256: 'c'.repeat(64), name: 'large' };
    const changes: [Training, RegExp][] = [
      [{ base: other }, /on large \(sha256 c{12}…\).*b{12}…/],
      [{ form: 'chat' }, /form chat, this is script/],
      [{ templateVersion: 99 }, /version 99 of the prompt/],
    ];
    for (const [change, says] of changes) {
      expect(incompatibilityOf({ ...trained, ...change }, occasion)).toMatch(says);
    }
  });
});
