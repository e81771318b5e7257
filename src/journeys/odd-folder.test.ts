import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let temporary: string;
let checkout: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'dramatis-odd-folder-'));
  checkout = join(temporary, 'a b ü');
  await mkdir(checkout);
  for (const part of [
    'dist',
    'data',
    'models/catalogue.json',
    'package.json',
    'native/build.mjs',
    'build/Release',
  ]) {
    await cp(join(root, part), join(checkout, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(checkout, 'node_modules'));
});
afterAll(() => rm(temporary, { recursive: true }));

describe('Dramatis in a folder with a space and a letter outside ASCII', () => {
  it('finds its addon, the modules beside it, its catalogues and the GPU modules', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['dist/cli/main.js', 'doctor', '--json'],
      { cwd: checkout, env: { ...process.env, DRAMATIS_HOME: join(temporary, 'home ü') } },
    );
    const found = JSON.parse(stdout) as {
      addon: { path: string };
      devices: { kind: string }[];
      gpuModules: { path: string | null }[];
    };
    expect(found.addon).toEqual({
      path: join(checkout, 'build/Release/dramatis.node'),
      loaded: true,
    });
    expect(found.devices.map(({ kind }) => kind)).toContain('cpu');
    for (const { path } of found.gpuModules) {
      if (path !== null) expect(path.startsWith(join(checkout, 'node_modules'))).toBe(true);
    }
  });

  it('knows its plays and models', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['dist/cli/main.js', 'models', '--json'],
      { cwd: checkout, env: { ...process.env, DRAMATIS_HOME: join(temporary, 'home ü') } },
    );
    expect(stdout).toContain('smollm2-135m');
  });
});
