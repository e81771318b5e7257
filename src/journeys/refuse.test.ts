import {
  chmod,
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveModel } from '../hub/models.ts';
import { home } from '../testing/home.ts';
import { dramatis, folder, type RunOptions } from './dramatis.ts';

/** Runs what must be refused: nothing on stdout, one line what, one line remedy, no stack. */
async function refused(
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ code: number | null; what: string; remedy: string }> {
  const { code, out, err } = await dramatis(args, options);
  expect(out, args.join(' ')).toBe('');
  const lines = err.trim().split('\n');
  expect(lines, err).toHaveLength(2);
  expect(err).not.toMatch(/\n\s+at /);
  return { code, what: lines[0]!, remedy: lines[1]! };
}

const say = ['--say', 'Who is there?', '--gpu', 'off'] as const;

describe('A command line', () => {
  it('with an unknown character names those who are like it', async () => {
    const { code, what } = await refused(['chat', 'hamlt', '--play', 'hamlet', ...say]);
    expect(code).toBe(1);
    expect(what).toContain('HAMLET');
  });

  it('with a name that fits several asks which', async () => {
    const { code, what } = await refused(['chat', 'murderer', '--play', 'macbeth', ...say]);
    expect(code).toBe(1);
    expect(what).toMatch(/FIRST MURDERER/);
  });

  it('with a place, a flag, a number or a command that does not exist is a usage error', async () => {
    for (const args of [
      ['chat', 'hamlet', '--at', '9.9', ...say],
      ['chat', 'hamlet', '--at', 'noon', ...say],
      ['chat', 'hamlet', '--volume', '11', ...say],
      ['chat', 'hamlet', '--temperature', 'hot', ...say],
      ['chat', 'hamlet', '--threads', '9999', ...say],
      ['chat', 'hamlet', '--seed', '-1', ...say],
      ['chatt', 'hamlet'],
      ['chat'],
      [],
    ]) {
      expect(await refused(args), args.join(' ')).toMatchObject({ code: 2 });
    }
  });

  it('with a play or a model nobody knows suggests and lists', async () => {
    expect(await refused(['cast', 'hamlot'])).toMatchObject({
      code: 1,
      what: expect.stringContaining('hamlet'),
    });
    expect(await refused(['chat', 'hamlet', '--model', 'smolm2-135m', ...say])).toMatchObject({
      code: 1,
      what: expect.stringContaining('smollm2-135m'),
    });
  });

  it('with a prompt longer than the window says how long it is and what fits', async () => {
    const { code, what } = await refused(['chat', 'hamlet', '--context', '64', ...say]);
    expect(code).toBe(1);
    expect(what).toMatch(/\d+ tokens; \d+ fit/);
  });
});

describe('With a fresh home', () => {
  const fresh = (path: string): RunOptions => ({
    env: { DRAMATIS_HOME: path, XDG_CACHE_HOME: path, HF_HOME: path },
  });

  it('a name that is wrong is refused before anything is fetched', async () => {
    await using at = await folder();
    for (const [args, code] of [
      [['chat', 'hamlt', ...say], 1],
      [['chat', 'hamlet', '--play', 'hamlot', ...say], 1],
      [['chat', 'hamlet', '--model', 'smolm2-135m', ...say], 1],
      [['chat', 'hamlet', '--adapter', 'cafe', ...say], 1],
      [['chat', 'hamlet', '--grammar', join(at.path, 'none.gbnf'), ...say], 1],
      [['chat', 'hamlet', '--at', 'noon', ...say], 2],
      [['chat', 'hamlet', '--prompt', 'none', ...say], 2],
      [['chat', 'hamlet', '--threads', '999', ...say], 2],
      [['recall', 'hamlet', 'ghost', '--at', 'noon'], 2],
      [['cast', 'hamlot'], 1],
    ] as const) {
      expect(await refused(args, fresh(at.path)), args.join(' ')).toMatchObject({ code });
      expect(await readdir(at.path), args.join(' ')).toEqual([]);
    }
  });

  it('a window without room for the persona is refused before the play is read into memory', async () => {
    await using at = await folder();
    for (const shelf of ['models', 'plays']) await symlink(join(home, shelf), join(at.path, shelf));
    const { what } = await refused(['chat', 'hamlet', '--context', '64', ...say], fresh(at.path));
    expect(what).toMatch(/\d+ tokens; 64 fit/);
  });
});

describe('A model file', () => {
  const chat = (path: string) => refused(['chat', 'hamlet', '--model', path, ...say]);

  it('that is missing, no GGUF, cut short or hostile is refused before it is loaded', async () => {
    await using at = await folder();
    process.env.DRAMATIS_HOME = home;
    const { path: model } = await resolveModel('smollm2-135m', { offline: true });
    const bad = join(at.path, 'bad.gguf');
    expect(await chat(join(at.path, 'none.gguf'))).toMatchObject({ code: 1 });
    await writeFile(bad, 'Words, words, words.'.repeat(100));
    expect((await chat(bad)).what).toMatch(/GGUF/);
    await using file = await open(model);
    const head = Buffer.alloc(3_000_000);
    await file.read(head, 0, head.length, 0);
    await writeFile(bad, head);
    expect(await chat(bad)).toMatchObject({ code: 1 });
    head.writeBigUInt64LE(2n ** 62n, 8);
    await writeFile(bad, head);
    expect(await chat(bad)).toMatchObject({ code: 1 });
  });
});

describe('What is not here', () => {
  it('is not fetched when offline', async () => {
    await using at = await folder();
    for (const args of [
      ['pull', 'hamlet', '--offline'],
      ['chat', 'hamlet', '--offline', ...say],
    ]) {
      const { code, remedy } = await refused(args, { env: { DRAMATIS_HOME: at.path } });
      expect(code).toBe(1);
      expect(remedy).toMatch(/offline/i);
    }
  });
});

describe('A home', () => {
  it('that cannot be written is said to be so', async () => {
    await using at = await folder();
    const file = join(at.path, 'file');
    await writeFile(file, '');
    // A file where a folder should be refuses everybody, the superuser too.
    const { code, what } = await refused(['pull', 'hamlet'], {
      env: { DRAMATIS_HOME: join(file, 'home') },
    });
    expect(code).toBe(1);
    expect(what).toContain(file);
  });

  it('in which a fetched file was changed does not use it', async () => {
    await using at = await folder();
    await mkdir(join(at.path, 'plays'), { recursive: true });
    const source = join(home, 'plays', 'hamlet.md');
    const copy = join(at.path, 'plays', 'hamlet.md');
    await copyFile(source, copy);
    await chmod(copy, 0o644);
    const bytes = await readFile(copy);
    bytes[5000]! ^= 1;
    await writeFile(copy, bytes);
    const env = { DRAMATIS_HOME: at.path };
    expect(await refused(['pull', 'hamlet', '--offline'], { env })).toMatchObject({ code: 1 });
  });
});
