import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { home } from '../testing/home.ts';
import { folder } from './dramatis.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The one program of README that imports the package. */
async function programOfReadme(): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);
  const [program, ...others] = blocks.filter((code) => code.includes("from 'dramatis'"));
  expect(others).toEqual([]);
  return program!;
}

describe('A program of somebody who has read README', () => {
  it('hears Hamlet speak, and comes to its end', async () => {
    await using work = await folder();
    await mkdir(join(work.path, 'node_modules'));
    await symlink(root, join(work.path, 'node_modules', 'dramatis'));
    await writeFile(join(work.path, 'program.mjs'), await programOfReadme());
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['program.mjs'], {
      cwd: work.path,
      env: { ...process.env, DRAMATIS_HOME: home, HF_HUB_OFFLINE: '1' },
    });
    expect(stderr).toBe('');
    expect(stdout.trim().split(/\s+/).length).toBeGreaterThan(2);
  });
});
