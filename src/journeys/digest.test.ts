import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dramatis, folder, json } from './dramatis.ts';

interface Fact {
  readonly text: string;
  readonly way?: string;
}

const ours = fileURLToPath(new URL('../../data/digests/hamlet.jsonl', import.meta.url));

describe('What happened, and who knows it', () => {
  it('is shown as a character would tell it, and no more than it knows there', async () => {
    const all = await json<Fact[]>(['digest', 'show', 'hamlet']);
    const late = await json<Fact[]>(['digest', 'show', 'hamlet', '--as', 'ophelia']);
    const early = await json<Fact[]>([
      'digest',
      'show',
      'hamlet',
      '--as',
      'ophelia',
      '--at',
      '2.1',
    ]);
    expect(all.length).toBeGreaterThan(late.length);
    expect(late.length).toBeGreaterThan(early.length);
    expect(early.some(({ text }) => /\b(?:I|me|my)\b/.test(text))).toBe(true);
    expect(early.map(({ text }) => text).join()).not.toMatch(/drown|stabbed/);
  });

  it('is refused line by line where a file is wrong, with what to do about it', async () => {
    await using place = await folder();
    const [header, first, ...rest] = readFileSync(ours, 'utf8').split('\n');
    const path = join(place.path, 'mine.jsonl');
    writeFileSync(
      path,
      [header, first!.replace(/"end":"[^"]*"/, '"end":"9.9.9"'), ...rest].join('\n'),
    );
    const { code, out } = await dramatis(['digest', 'check', path]);
    expect(code).toBe(1);
    expect(out).toContain(`${path}:2: "end" is 9.9.9, and there is no such line`);
    expect(await dramatis(['digest', 'check', ours])).toMatchObject({ code: 0, out: '' });
  });

  it('is drafted by a model into a file without fault, once', async () => {
    await using place = await folder();
    const out = join(place.path, 'macbeth.jsonl');
    const draft = ['digest', 'macbeth', '--scenes', '5.6', '--model', 'smollm2-135m', '--out', out];
    const first = await dramatis(draft);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^\d+ facts kept, \d+ not/);
    expect(await dramatis(['digest', 'check', out])).toMatchObject({ code: 0, out: '' });
    const again = await dramatis(draft);
    expect(again.err).toContain('5.6: done before');
  });
});
