import { describe, expect, it } from 'vitest';
import { isContentWhole, withContentSha256 } from './content-sha256.ts';

const content = { '7': 'seven', name: 'é', figures: [0.1, 1e-7, null], none: undefined };

describe('The checksum of an object', () => {
  const text = JSON.stringify(withContentSha256(content), null, 2);

  it('fits what is read from its file, and nothing else', () => {
    expect(isContentWhole(JSON.parse(text))).toBe(true);
    expect(isContentWhole(JSON.parse(text.replace('0.1', '0.3')))).toBe(false);
    expect(isContentWhole(JSON.parse(text.replace('seven', 'sevem')))).toBe(false);
  });

  it('is not asked of an object that has none', () => {
    expect(isContentWhole(content)).toBe(true);
  });
});
