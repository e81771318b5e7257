import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { memoryKills } from '../store/cgroup.ts';
import { unwritable } from '../store/disk.ts';
import { keeperVariable } from '../store/keeper-variable.ts';
import { own } from '../store/owner.ts';
import { type AttemptEnd, beginAttempt, endAttempt, type Outcome } from './attempts.ts';
import { isDone, markDone } from './done-marker.ts';
import type { Sweep, SweepTask } from './manifest.ts';
import { deviceWords } from './require-device.ts';

export interface RunTaskOptions {
  /** Words that start this program: that of Node, its options, and the path of the program. */
  readonly program: readonly string[];
  /** Where /proc and /sys are; tests give a folder of their own. */
  readonly root?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TaskEnd extends AttemptEnd {
  /** Tries up to this one; 0 where it was done already. */
  readonly attempts: number;
}

/** Log of a task, relative to the manifest's folder: all tries, one after another. */
export const logOf = ({ label }: SweepTask): string => join('logs', `${label}.log`);

/**
 * Runs one task to its end, unless it is done: its command in a process of its own, with its output in its log. A signal
 * that aborts asks that process to save what it has, and to end.
 *
 * Only one process runs a task at a time, on whatever machine.
 *
 * @throws {DramatisError} LOCKED if another runs it; TASK_FAILED if a task that comes before it is not done.
 */
export async function runTask(
  sweep: Sweep,
  task: SweepTask,
  options: RunTaskOptions,
): Promise<TaskEnd> {
  if (await isDone(sweep, task)) return wasDone;
  await using _claim = await own(
    join(sweep.folder, 'claims', task.id),
    `the task ${task.label}`,
    'Wait until it has ended there.',
  );
  // Another may have ended it just now.
  if (await isDone(sweep, task)) return wasDone;
  await requireBefore(sweep, task);
  const device = deviceWords(task);
  options.signal?.throwIfAborted();
  const attempt = await beginAttempt(sweep, task, options.env);
  const begun = performance.now();
  const left = await runProcess(sweep, task, { ...options, device });
  const end = { ...left, seconds: (performance.now() - begun) / 1000 };
  await endAttempt(sweep, task, attempt, end);
  return { ...end, attempts: attempt.number };
}

const wasDone: TaskEnd = {
  ...{ outcome: 'done', attempts: 0, seconds: 0, exit: 0, reason: null, peakMiB: null },
};

async function requireBefore(sweep: Sweep, task: SweepTask): Promise<void> {
  for (const before of sweep.manifest.tasks)
    if (task.after.includes(before.id) && !(await isDone(sweep, before)))
      throw new DramatisError(
        'TASK_FAILED',
        `${task.label} needs ${before.label}, which is not done`,
      );
}

async function runProcess(
  sweep: Sweep,
  task: SweepTask,
  {
    program,
    device,
    root,
    env = process.env,
    signal,
  }: RunTaskOptions & { readonly device: readonly string[] },
): Promise<Omit<AttemptEnd, 'seconds'>> {
  const killsBefore = memoryKills(root);
  const log = join(sweep.folder, logOf(task));
  await using file = await openLog(sweep, log);
  await mkdir(join(sweep.folder, task.outputs[0]!, '..'), { recursive: true });
  const from = (await file.stat()).size;
  const [command, ...first] = program;
  const child = spawn(command!, [...first, ...task.argv, ...device], {
    cwd: sweep.folder,
    env: { ...env, [keeperVariable]: String(process.pid), NO_COLOR: '1' },
    stdio: ['ignore', file.fd, file.fd],
  });
  const stop = (): void => {
    child.kill('SIGTERM');
  };
  signal?.addEventListener('abort', stop);
  // It may have been asked between being begun and being listened to.
  if (signal?.aborted) stop();
  const memory = watchMemory(child);
  try {
    const [code, name] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    const exit = name ?? code ?? 0;
    const peakMiB = memory.peakMiB();
    if (exit === 0) {
      await markDone(sweep, task);
      return { outcome: 'done', exit, reason: null, peakMiB };
    }
    const outcome = outcomeOf(exit, signal?.aborted ?? false);
    const reason = memoryKills(root) > killsBefore ? outOfMemory : await lastWords(log, from);
    return { outcome, exit, reason: outcome === 'stopped' ? null : reason, peakMiB };
  } finally {
    memory[Symbol.dispose]();
    signal?.removeEventListener('abort', stop);
  }
}

const outOfMemory = 'OUT_OF_MEMORY: the kernel killed it; plan the study with more "memMiB"';

/** Exit codes of a command that was asked to end and has saved what it had: 128 and SIGHUP, SIGINT, SIGUSR1, SIGTERM. */
const savedCodes: readonly (number | string)[] = [129, 130, 138, 143];

function outcomeOf(exit: number | string, isStopped: boolean): Outcome {
  if (savedCodes.includes(exit)) return 'stopped';
  // Asked before it could take the question.
  if (isStopped && (exit === 'SIGTERM' || exit === 'SIGUSR1' || exit === 'SIGHUP'))
    return 'stopped';
  return typeof exit === 'string' || exit === 137 ? 'killed' : 'failed';
}

async function openLog({ folder }: Sweep, log: string): Promise<FileHandle> {
  try {
    await mkdir(join(folder, 'logs'), { recursive: true });
    return await open(log, 'a');
  } catch (error) {
    throw unwritable(log, error);
  }
}

/** The last lines that a process wrote, as one; what Node says of itself where it fell is in the log. */
async function lastWords(log: string, from: number): Promise<string> {
  const bytes = await readFile(log);
  const lines = bytes
    .subarray(from)
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim());
  const said = lines.filter((line) => line !== '');
  const found = said.findIndex((line) => line.startsWith('dramatis: '));
  const last = found >= 0 ? said.slice(found, found + 2) : said.slice(-2);
  return last.join(' ').slice(0, 500) || 'it said nothing';
}

/** Looks at the most memory that a process has held, while it runs. */
function watchMemory({ pid }: ChildProcess): Disposable & { peakMiB(): number | null } {
  let peak: number | null = null;
  const look = async (): Promise<void> => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const kib = Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1]);
    if (kib > 0) peak = Math.round(kib / 1024);
  };
  const timer = setInterval(look, 1000);
  timer.unref();
  return { peakMiB: () => peak, [Symbol.dispose]: () => clearInterval(timer) };
}
