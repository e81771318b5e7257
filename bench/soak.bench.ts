import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folders } from '#dramatis/store/folders.js';
import { type Row, rowOf } from './record.ts';
import { type Answering, ourServer, streamedChat } from './serve-clients.ts';

/** SOAK_MINUTES asks for another length. */
const minutes = Number(process.env.SOAK_MINUTES ?? 30);
const clients = 8;
const watchers = 32;

/**
 * `dramatis serve` on SmolLM2-135M with eight clients who never stop and one scene that 32 watch, one of whom reads nothing:
 * what is answered with a fault, whether all watchers get the same bytes, and whether memory grows. In a home of its own.
 */
export async function* run(): AsyncGenerator<Row> {
  const home = mkdtempSync(join(tmpdir(), 'dramatis-soak-'));
  const { models, plays, indices } = folders();
  symlinkSync(models, join(home, 'models'));
  symlinkSync(plays, join(home, 'plays'));
  symlinkSync(indices, join(home, 'indices'));
  const server = await ourServer('smollm2-135m', ['--slots', '10'], { DRAMATIS_HOME: home });
  const end = Date.now() + minutes * 60_000;
  const answers = { ok: 0, refused: 0, fault: 0 };
  const memory: number[] = [];
  try {
    const id = await beginScene(server);
    // What the scene itself takes is there before anybody watches.
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const before = await server.memoryMib();
    const watching = Array.from({ length: watchers }, (_, i) => watch(server, id, i === 0));
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const withWatchers = await server.memoryMib();
    const measuring = setInterval(async () => {
      const now = await server.memoryMib();
      if (now !== undefined) memory.push(now);
    }, 5_000);
    await Promise.all(
      Array.from({ length: clients }, async (_, i) => {
        for (let n = 0; Date.now() < end; n++) {
          const body = {
            messages: [{ role: 'user', content: `Question ${n} of client ${i}.` }],
            ...{ max_tokens: 48, seed: n },
          };
          const model = i % 2 === 0 ? 'hamlet@1.2' : 'smollm2-135m';
          try {
            await streamedChat({ ...server, model }, body);
            answers.ok++;
          } catch (error) {
            const status = Number(/says (\d+)/.exec(String(error))?.[1]);
            if (status === 429 || status === 503) answers.refused++;
            else answers.fault++;
          }
        }
      }),
    );
    clearInterval(measuring);
    await command(server, id, 'end');
    const texts = (await Promise.all(watching)).filter((text) => text !== undefined);
    const same = new Set(texts).size === 1 ? 1 : 0;
    yield rowOf('soak', 'watchers with the same bytes (1: all)', 'share', [same], { watchers });
    if (before !== undefined && withWatchers !== undefined)
      yield rowOf('soak', 'memory of the watchers', 'MiB', [withWatchers - before], { watchers });
  } finally {
    await server.close();
    rmSync(home, { recursive: true, force: true });
  }
  const conditions = { minutes, clients, watchers };
  yield rowOf('soak', 'answers', 'number', [answers.ok], conditions);
  yield rowOf('soak', 'refused for want of room', 'number', [answers.refused], conditions);
  yield rowOf('soak', 'faults', 'number', [answers.fault], conditions);
  // A fifth of the time is warm-up.
  const warm = memory.slice(Math.ceil(memory.length / 5));
  const tenth = Math.max(1, Math.floor(warm.length / 10));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, one) => sum + one, 0) / values.length;
  if (warm.length > 1) {
    const growth = (100 * mean(warm.slice(-tenth))) / mean(warm.slice(0, tenth)) - 100;
    yield rowOf('soak', 'memory at the end', 'MiB', [mean(warm.slice(-tenth))], conditions);
    yield rowOf('soak', 'memory grown since warm-up', '%', [growth], conditions);
  }
}

async function post(server: Answering, path: string, body: object): Promise<{ id: string }> {
  const headers = { 'content-type': 'application/json', 'x-dramatis': '1' };
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok)
    throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as { id: string };
}

async function beginScene(server: Answering): Promise<string> {
  const { id } = await post(server, '/api/conversations', {
    ...{ play: 'hamlet', cast: ['HAMLET', 'OPHELIA'], at: '3.1.101', turns: 100_000 },
    ...{ maxTokens: 24, start: true, seed: 1 },
  });
  return id;
}

const command = (server: Answering, id: string, what: string) =>
  post(server, `/api/conversations/${id}/commands`, { do: what });

/** All that one watcher gets; one who reads nothing gets what lies in the connection. */
async function watch(
  server: Answering,
  id: string,
  isStalled: boolean,
): Promise<string | undefined> {
  const headers = { accept: 'application/x-ndjson' };
  const response = await fetch(`${server.url}/api/conversations/${id}/events`, { headers });
  return isStalled ? undefined : response.text();
}
