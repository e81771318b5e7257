import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultModel } from '../hub/catalogue.ts';
import { home } from '../testing/home.ts';

/** The program as a user runs it: compiled, in a process of its own. */
export const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Whatever else a user's home has: the stories are told with the model that every home can have in a minute. */
const told = { DRAMATIS_HOME: home, DRAMATIS_MODEL: defaultModel, NO_COLOR: '1' };

export function start(args: readonly string[], { env = {} }: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...told, ...env },
    stdio: 'pipe',
  });
}

/** Runs `dramatis …` to its end. */
export function dramatis(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  if (!existsSync(program)) throw new Error('dist is missing: run "npm run build"');
  return new Promise((resolve, reject) => {
    const child = start(args, options);
    let out = '';
    let err = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin!.end(options.input ?? '');
  });
}

/** Runs `dramatis … --json`, which must succeed, and reads what it printed. */
export async function json<T>(args: readonly string[], options: RunOptions = {}): Promise<T> {
  const { code, out, err } = await dramatis([...args, '--json'], options);
  if (code !== 0) throw new Error(`dramatis ${args.join(' ')} ended with ${code}: ${err}`);
  return JSON.parse(out) as T;
}

/** A folder that is gone when the block ends. */
export async function folder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'dramatis-journey-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
