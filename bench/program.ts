import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * The programs a bench started that still run. They end with it, however it ends: a busy loop that outlives its
 * bench spoils every row measured after.
 */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => process.exit(code));
}

/** Starts a program whose standard output the bench may read. */
export function start(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(program, args, {
    env: { DRAMATIS_MODEL: 'smollm2-135m', ...process.env, ...env }, // the model that the rows are about
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  running.add(child);
  child.on('close', () => running.delete(child));
  return child;
}

/** A program's standard output, once it has ended well. */
export async function finished(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = start(program, args, env);
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
  return out;
}

/** The same, as JSON. */
export async function json<T>(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  return JSON.parse(await finished(program, args, env)) as T;
}

/** One row of `dramatis bench speed --json`, or of llama-bench, or of the peer's script. */
export interface Rate {
  readonly n_prompt: number;
  readonly samples_ts: readonly number[];
}

export const cli = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** The command line of `dramatis bench speed` on the CPU, for Node. */
export function speedCommand(model: string, threads: string, ...test: readonly string[]): string[] {
  return [cli, ...speedArguments(model, threads, ...test)];
}

/** What `dramatis bench speed` is asked, without the program's name. */
export function speedArguments(
  model: string,
  threads: string,
  ...test: readonly string[]
): string[] {
  return [
    ...['bench', 'speed', '--json', '--gpu', 'off'],
    ...['--model', model, '--threads', threads, ...test],
  ];
}
