import { request } from 'node:http';
import { groupLimits } from '#dramatis/store/cgroup.js';
import { type Row, rowOf } from './record.ts';
import { type Answering, ourServer } from './serve-clients.ts';

/** DEMO_MINUTES asks for another length, DEMO_CLIENTS for fewer who never stop. */
const minutes = Number(process.env.DEMO_MINUTES ?? 10);
const crowd = Number(process.env.DEMO_CLIENTS ?? 50);
/** Users who read what they are told: one asks again after so many seconds. */
const users = 4;
const readingSeconds = 10;
const model = 'smollm2-135m';
const questions = [
  'Who are you?',
  'What have you seen tonight?',
  'Whom do you trust?',
  'What will you do now?',
  'What do you fear?',
];
const characters = ['hamlet', 'ophelia', 'claudius', 'lady-macbeth', 'macbeth', 'banquo'];

/** What came of one turn. */
interface Turn {
  readonly status: number;
  /** Whether the stream said that it failed, or broke off before its end. */
  readonly isBroken: boolean;
  /** Milliseconds from asking to the first words; undefined where none came. */
  readonly firstMs: number | undefined;
}

/**
 * `dramatis serve --demo` on SmolLM2-135M: first four users who read for ten seconds between their turns, for a fifth of the
 * time, then fifty clients who ask again as soon as they are answered or refused, each from an address of its own. What is
 * answered with a fault, whether memory grows, and how long the four wait for the first words.
 *
 * To hold it to memory: `systemd-run --scope -p MemoryMax=2G npm run bench -- demo`; the limit found is among the conditions.
 */
export async function* run(): AsyncGenerator<Row> {
  const server = await ourServer(model, ['--demo', '--trust-proxy']);
  const memory: number[] = [];
  const crowded: Turn[] = [];
  const calm: Turn[] = [];
  try {
    const calmEnd = Date.now() + minutes * 12_000;
    await Promise.all(
      Array.from({ length: users }, async (_, i) => {
        // They do not all begin at once.
        await seconds((i * readingSeconds) / users);
        for (let n = 0; Date.now() < calmEnd; n++) {
          calm.push(await takeTurn(server, { address: `10.0.0.${i}`, i, n }));
          await seconds(readingSeconds);
        }
      }),
    );
    const end = Date.now() + minutes * 60_000;
    const measuring = setInterval(async () => {
      const now = await server.memoryMib();
      if (now !== undefined) memory.push(now);
    }, 2_000);
    await Promise.all(
      Array.from({ length: crowd }, async (_, i) => {
        for (let n = 0; Date.now() < end; n++) {
          // Addresses change, so that the line is what holds them back, and the limit of an address only now and then.
          const address = `10.${1 + (n % 50)}.0.${i}`;
          const turn = await takeTurn(server, { address, i, n });
          crowded.push(turn);
          if (turn.status !== 200) await seconds(1);
        }
      }),
    );
    clearInterval(measuring);
  } finally {
    await server.close();
  }
  const conditions = { model, minutes, clients: crowd, memoryLimitMib: memoryLimitMib() };
  const all = [...calm, ...crowded];
  const count = (is: (turn: Turn) => boolean): number => all.filter(is).length;
  const answered = (turn: Turn): boolean => turn.status === 200 && !turn.isBroken;
  yield rowOf('demo', 'answers', 'number', [count(answered)], conditions);
  yield rowOf(
    'demo',
    'asked to come back (503, 429)',
    'number',
    [count(({ status }) => status === 503 || status === 429)],
    conditions,
  );
  yield rowOf(
    'demo',
    'server errors other than 503',
    'number',
    [
      count(
        ({ status, isBroken }) => (status >= 500 && status !== 503) || (status === 200 && isBroken),
      ),
    ],
    conditions,
  );
  const first = calm.flatMap(({ firstMs }) => (firstMs === undefined ? [] : [firstMs / 1000]));
  if (first.length > 0)
    yield rowOf('demo', 'first words at four users, p95', 's', [quantile(first, 0.95)], {
      ...conditions,
      ...{ users, readingSeconds, turns: first.length },
    });
  // A fifth of the time is warm-up.
  const warm = memory.slice(Math.ceil(memory.length / 5));
  const tenth = Math.max(1, Math.floor(warm.length / 10));
  if (warm.length > 1) {
    const [begun, ended] = [warm.slice(0, tenth), warm.slice(-tenth)].map(mean);
    yield rowOf('demo', 'memory at the end', 'MiB', [ended!], conditions);
    yield rowOf(
      'demo',
      'memory grown since warm-up',
      '%',
      [(100 * ended!) / begun! - 100],
      conditions,
    );
  }
}

const seconds = (s: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 1000 * s));
const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / values.length;

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!;
}

/** The memory that this process and the server it starts are held to; 0: no limit. */
function memoryLimitMib(): number {
  const { memoryBytes } = groupLimits();
  return Number.isFinite(memoryBytes) ? Math.round(memoryBytes / 2 ** 20) : 0;
}

function takeTurn(
  { url }: Answering,
  { address, i, n }: { readonly address: string; readonly i: number; readonly n: number },
): Promise<Turn> {
  const body = JSON.stringify({
    character: characters[i % characters.length],
    text: questions[n % questions.length],
  });
  const headers = {
    ...{ 'content-type': 'application/json', 'x-dramatis': '1', 'x-forwarded-for': address },
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve) => {
    const begun = performance.now();
    const asking = request(
      `${url}/api/turns`,
      { method: 'POST', headers, agent: false },
      (response) => {
        const status = response.statusCode ?? 0;
        let [text, firstMs]: [string, number | undefined] = ['', undefined];
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (text.includes('"kind":"text"')) firstMs ??= performance.now() - begun;
        });
        const end = (): void => {
          resolve({ status, firstMs, isBroken: status === 200 && !text.includes('"kind":"done"') });
        };
        response.on('end', end).on('error', end);
      },
    );
    asking.on('error', () => resolve({ status: 599, firstMs: undefined, isBroken: true }));
    asking.end(body);
  });
}
