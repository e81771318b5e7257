import { describe, expect, it } from 'vitest';
import { cutMark } from './cut-mark.ts';

describe('cutMark', () => {
  it('marks what a limit cut in mid-sentence, and nothing that ended by itself or with a sentence', () => {
    expect(cutMark({ stop: 'length', reply: 'I saw him on the' })).toMatch(/cut/);
    expect(cutMark({ stop: 'window', reply: 'I saw him, and “who” was' })).toMatch(/cut/);
    expect(cutMark({ stop: 'length', reply: 'I saw him. “Who?”' })).toBeUndefined();
    expect(cutMark({ stop: 'end', reply: 'I saw him on the' })).toBeUndefined();
  });
});
