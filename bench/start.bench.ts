import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveModel } from '#dramatis/hub/models.js';
import { folders } from '#dramatis/store/folders.js';
import { cli } from './program.ts';
import { type Row, rowOf } from './record.ts';

const questions = [
  'What did the ghost tell you?',
  'Do you love Ophelia?',
  'What is a king to you?',
  'Who is Horatio?',
  'Why do you wait?',
  'What do you think of your mother?',
  'Are you mad, my lord?',
];

interface Reply {
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
  readonly promptTokens: number;
}

/** The model that is asked, the default one unless BENCH_MODEL names another. */
const model = process.env.BENCH_MODEL ?? 'smollm2-135m';

/**
 * `chat hamlet --say`, a process each: from its start to its first token, and the memory it took at its peak.
 * Cold: the state of the persona's prefix is not on disk yet. Warm: it is; the questions are new each time.
 */
export async function* run(): AsyncGenerator<Row> {
  await resolveModel(model, {});
  const warm: number[] = [];
  const cold: number[] = [];
  const memory: number[] = [];
  const prompts: number[] = [];
  await say(questions[0]!);
  for (const question of questions) {
    await rm(join(folders().cache, 'prefixes'), { recursive: true, force: true });
    cold.push((await say(question)).firstTokenMs);
    const reply = await say(question);
    warm.push(reply.firstTokenMs);
    prompts.push(reply.promptTokens);
    memory.push(reply.peakMiB);
  }
  const conditions = { model, promptTokens: prompts };
  yield rowOf('start', 'chat --say, process start to first token, warm', 'ms', warm, conditions);
  yield rowOf('start', 'chat --say, process start to first token, cold', 'ms', cold, { model });
  yield rowOf('start', 'chat --say, peak resident memory', 'MiB', memory, { model });
}

/** Loaded before the program: says at its end what the kernel counted, in KiB. */
const reportPeak = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from 'node:fs';
  process.on('exit', () => writeSync(2, '\\npeak ' + process.resourceUsage().maxRSS + '\\n'));
`)}`;

/**
 * One answer of a chat that is its own process, and the peak of that process's memory as the kernel counted it.
 *
 * @param program The command line's main file; another checkout's where two are compared.
 * @param env What its environment has besides this one's.
 */
export async function say(
  question: string,
  program = cli,
  env: Readonly<Record<string, string>> = {},
): Promise<Reply & { readonly peakMiB: number }> {
  const args = [
    program,
    'chat',
    'hamlet',
    '--say',
    question,
    '--json',
    '--seed',
    '1',
    '--max-tokens',
    '24',
    '--offline',
    '--gpu',
    'off',
  ];
  const child = spawn(process.execPath, ['--import', reportPeak, ...args], {
    env: { ...process.env, DRAMATIS_MODEL: model, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`chat ended with ${code}: ${err}`);
  const peakMiB = Number(/peak (\d+)/.exec(err)?.[1] ?? 0) / 1024;
  return { ...(JSON.parse(out) as Reply), peakMiB };
}
