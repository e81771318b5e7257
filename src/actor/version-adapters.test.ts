import { describe, expect, it } from 'vitest';
import type { Adapter } from '../engine/adapter.ts';
import { templateVersion } from '../prompt/prompt.ts';
import type { AdapterVersion } from '../registry/version.ts';
import {
  adaptersOf,
  earlierPromptOf,
  incompatibilityOf,
  type Training,
} from './version-adapters.ts';

const base = 'b'.repeat(64);
const use = { base, form: 'script' } as const;
const trained: Training = {
  base: { sha256: base, name: 'tiny' },
  form: 'script',
  templateVersion,
};

describe('incompatibilityOf', () => {
  it('finds nothing against a version of the same base, form and prompt', () => {
    expect(incompatibilityOf(trained, use)).toBeUndefined();
  });

  it('finds nothing against a file that says nothing of itself', () => {
    expect(incompatibilityOf({}, use)).toBeUndefined();
  });

  it('names what differs, with both values', () => {
    const other = { sha256: 'c'.repeat(64), name: 'large' };
    const changes: [Training, RegExp][] = [
      [{ base: other }, /on large \(sha256 c{12}…\).*b{12}…/],
      [{ form: 'chat' }, /form chat, this is script/],
      [{ templateVersion: 99 }, /version 99 of the prompt/],
    ];
    for (const [change, says] of changes) {
      expect(incompatibilityOf({ ...trained, ...change }, use)).toMatch(says);
    }
  });

  it('finds nothing against an earlier version of the prompt whose training rows have the same tokens', () => {
    const before = { ...trained, templateVersion: 4 };
    expect(incompatibilityOf(before, { ...use, templateVersion: 8 })).toBeUndefined();
    expect(earlierPromptOf(before, 8)).toMatch(
      /trained with version 4 .* version 8, .* same training/,
    );
    expect(earlierPromptOf(trained)).toBeUndefined();
    expect(earlierPromptOf({})).toBeUndefined();
  });

  it('names the prompt that fits, or that there is none', () => {
    const saysOf = (version: number) =>
      incompatibilityOf({ ...trained, templateVersion: version }, use);
    expect(saysOf(4)).toMatch(
      /version 4 of the prompt, this is version \d+: ask with --prompt page,/,
    );
    expect(saysOf(99)).toMatch(/no prompt here has the tokens of that version, so train it again$/);
    const page = { ...use, templateVersion: 8 };
    expect(incompatibilityOf({ ...trained, templateVersion: 4 }, page)).toBeUndefined();
  });
});

describe('adaptersOf', () => {
  it('opens what lies under a version first, by the hashes that were just checked', async () => {
    const model = { adapter: async (path: string, hash?: string) => ({ path, hash }) as Adapter };
    const version = (letter: string) =>
      ({ sha256: letter.repeat(64), scope: 'turn' }) as AdapterVersion;
    const on = { path: 'under.gguf', version: version('a') };
    const opened = await adaptersOf({ path: 'own.gguf', version: version('b'), on }, model, 0.5);
    expect(opened).toEqual([
      { adapter: { path: 'under.gguf', hash: 'a'.repeat(64) }, scale: 0.5, scope: 'turn' },
      { adapter: { path: 'own.gguf', hash: 'b'.repeat(64) }, scale: 0.5, scope: 'turn' },
    ]);
  });
});
