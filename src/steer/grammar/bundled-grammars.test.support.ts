import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const bundle = fileURLToPath(
  new URL('../../../node_modules/node-llama-cpp/llama/gitRelease.bundle', import.meta.url),
);

/** The grammars that llama.cpp brings, out of the source that npm has installed. */
export async function bundledGrammars(): Promise<{ name: string; text: string }[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-bundle-'));
  try {
    await run('git', ['clone', '--quiet', '--bare', bundle, folder]);
    const git = async (...args: string[]): Promise<string> =>
      (await run('git', ['-C', folder, ...args])).stdout;
    const names = await git('ls-tree', '--name-only', 'HEAD', 'grammars/');
    return await Promise.all(
      names
        .split('\n')
        .filter((name) => name.endsWith('.gbnf'))
        .map(async (name) => ({ name, text: await git('show', `HEAD:${name}`) })),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
