import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Measured } from '../../engine/bench/measured.ts';
import { DramatisError } from '../../errors.ts';
import type { Workspace } from '../workspace.ts';

export interface StartOptions {
  /** Words that start the command line: Node and the program. */
  readonly program: readonly string[];
  /** Path of a model that is here. */
  readonly model: string;
  readonly repetitions: number;
  readonly signal?: AbortSignal | undefined;
}

const questions = [
  'What did the ghost tell you?',
  'Do you love Ophelia?',
  'What is a king to you?',
  'Who is Horatio?',
  'Why do you wait?',
];

/**
 * What a person waits for and what it takes: `chat hamlet --say`, a process each, from its start to its first token, and the
 * memory it had at its peak. Cold: the state of the persona's prompt is not on disk yet. Warm: it is; questions are new.
 *
 * Deletes the states that chats left in the cache: they are made again.
 *
 * @throws {DramatisError} NATIVE_FAILED if a chat ends with another code than 0; `signal.reason`.
 */
export async function* measureStarts(
  { folders }: Pick<Workspace, 'folders'>,
  { repetitions, ...options }: StartOptions,
): AsyncGenerator<Measured> {
  const [cold, warm, peak]: number[][] = [[], [], []];
  for (let i = 0; i <= repetitions; i++) {
    await rm(join(folders.cache, 'prefixes'), { recursive: true, force: true });
    const first = await say(questions[i % questions.length]!, options);
    const second = await say(questions[(i + 1) % questions.length]!, options);
    if (i === 0) continue; // reads the play into memory, and the files into the system's cache
    cold!.push(first.firstTokenMs);
    warm!.push(second.firstTokenMs);
    peak!.push(second.peakMiB);
  }
  const row = { bench: 'start', higherIsBetter: false, at: {} } as const;
  yield { ...row, what: 'first token, warm', unit: 'ms', samples: warm! };
  yield { ...row, what: 'first token, cold', unit: 'ms', samples: cold! };
  yield { ...row, what: 'peak memory of one answer', unit: 'MiB', samples: peak! };
}

/** Loaded before the program: says at its end what the kernel counted, in KiB. */
const reportPeak = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  process.on('exit', () => writeSync(2, '\\npeak ' + process.resourceUsage().maxRSS + '\\n'));
`)}`;

interface Answer {
  readonly firstTokenMs: number;
  readonly peakMiB: number;
}

async function say(
  question: string,
  { program, model, signal }: Omit<StartOptions, 'repetitions'>,
): Promise<Answer> {
  const args = ['chat', 'hamlet', '--say', question, '--model', model, '--json', '--offline'];
  const [node = process.execPath, ...rest] = program;
  const child = spawn(
    node,
    ['--import', reportPeak, ...rest, ...args, '--seed', '1', '--max-tokens', '24'],
    { stdio: ['ignore', 'pipe', 'pipe'], signal },
  );
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  signal?.throwIfAborted();
  if (code !== 0)
    throw new DramatisError('NATIVE_FAILED', `a chat ended with ${code}: ${err.trim()}`);
  const { firstTokenMs } = JSON.parse(out) as { firstTokenMs: number };
  return { firstTokenMs, peakMiB: Number(/peak (\d+)/.exec(err)?.[1] ?? 0) / 1024 };
}
