import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DramatisError } from '../errors.ts';
import { compilation } from './addon-search.ts';

/**
 * Compiles the addon on this machine, from the checkout or from the package @dramatis/source, and leaves it where the
 * search for it looks; minutes. Yields lines of progress.
 *
 * @returns Path of the addon.
 * @throws {DramatisError} BUILD_FAILED
 */
export async function* compileAddon(
  signal?: AbortSignal,
  { source, into, version } = compilation(),
): AsyncGenerator<string, string> {
  if (source === undefined)
    throw new DramatisError('BUILD_FAILED', 'the package @dramatis/source is not installed', {
      remedy: `Run "npm install @dramatis/source@${version}", then "npx dramatis build".`,
    });
  const script = join(source, 'native', 'build.mjs');
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, DRAMATIS_BUILD_OUT: into },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(signal && { signal }),
  });
  const closed = once(child, 'close');
  closed.catch(() => {}); // told below, once its last words are read
  let last = '';
  for await (const line of createInterface({ input: child.stderr })) {
    last = line || last;
    yield line;
  }
  const [code] = await closed.catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
  if (code !== 0)
    throw new DramatisError(
      'BUILD_FAILED',
      `the engine was not compiled: ${last || `exit ${code}`}`,
    );
  return join(into, 'Release', 'dramatis.node');
}
