import { describe, expect, it } from 'vitest';
import { canonicalHfUri, parseHfUri } from './hf-uri.ts';

const repo = 'Some-Org/a.model_v2-GGUF';

describe('parseHfUri', () => {
  it.each([
    [`hf:${repo}:q4_k_m`, { repo, revision: 'main', quantisation: 'Q4_K_M' }],
    [`hf:${repo}/sub/file.gguf#branch`, { repo, revision: 'branch', file: 'sub/file.gguf' }],
    [`hf:${repo}`, { repo, revision: 'main' }],
    [repo, { repo, revision: 'main' }],
    [`${repo}:Q8_0`, { repo, revision: 'main', quantisation: 'Q8_0' }],
    [`hf.co/${repo}:Q8_0`, { repo, revision: 'main', quantisation: 'Q8_0' }],
    [`https://huggingface.co/${repo}`, { repo, revision: 'main' }],
    [
      `https://huggingface.co/${repo}/resolve/v1/f.gguf?download=true`,
      { repo, revision: 'v1', file: 'f.gguf' },
    ],
    [`https://huggingface.co/${repo}/blob/main/f.gguf`, { repo, revision: 'main', file: 'f.gguf' }],
    [`hf://${repo}@v1/f.gguf`, { repo, revision: 'v1', file: 'f.gguf' }],
    [`hf://models/${repo}/f.gguf`, { repo, revision: 'main', file: 'f.gguf' }],
  ])('understands %s', (text, expected) => {
    expect(parseHfUri(text)).toEqual(expected);
  });

  it.each([
    'hamlet',
    '',
    'hf:',
    'hf:only-a-name',
    'hf:../../etc:Q4',
    'hf:a/../b/c.gguf',
    'hf:a/b/../../c.gguf',
    'hf:a/b#../../main',
    'hf:a/b#x y',
    '/absolute/path.gguf',
    './a/b',
    'hf:a b/c',
  ])('does not understand "%s"', (text) => {
    expect(parseHfUri(text)).toBeUndefined();
  });

  it('prints one spelling, with the commit', () => {
    const commit = 'a'.repeat(40);
    const uri = canonicalHfUri(parseHfUri(`hf://${repo}@v1/f.gguf`)!, commit);
    expect(uri).toBe(`hf:${repo}/f.gguf#${commit}`);
    expect(canonicalHfUri(parseHfUri(uri)!, commit)).toBe(uri);
  });
});
