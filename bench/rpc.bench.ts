import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRandomAdapter } from '#dramatis/engine/bench/random-adapter.js';
import { compute } from '#dramatis/engine/compute.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { median } from '#dramatis/median.js';
import { cli, json, type Rate, speedCommand, start } from './program.ts';
import { type Row, rowOf } from './record.ts';

const rounds = 6;
const rank = 16;

/**
 * A model on one and on two servers of this machine against the same model in the process: pp512 and tg128, each in turn,
 * one thread everywhere, since the processes take turns and each is to have a core; and how long an adapter takes to become
 * resident, in the form that servers compute.
 */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  const lenders = [await lender(), await lender()];
  try {
    yield* measure(
      path,
      lenders.map(({ address }) => address),
    );
  } finally {
    for (const { child } of lenders) child.kill();
  }
}

async function* measure(path: string, servers: readonly string[]): AsyncGenerator<Row> {
  const arms = { here: [], 'one server': servers.slice(0, 1), 'two servers': servers };
  const rates = new Map<string, { prompt: number[]; generated: number[] }>();
  for (let round = 0; round < rounds; round++)
    for (const [arm, used] of Object.entries(arms)) {
      const kept = rates.get(arm) ?? { prompt: [], generated: [] };
      rates.set(arm, kept);
      const more = used.length > 0 ? ['--rpc', used.join(',')] : [];
      const test = ['-p', '512', '-n', '128', '-r', '1', ...more];
      for (const rate of await json<Rate[]>(process.execPath, speedCommand(path, '1', ...test)))
        kept[rate.n_prompt > 0 ? 'prompt' : 'generated'].push(median(rate.samples_ts));
    }
  const here = rates.get('here')!;
  for (const [arm, { prompt, generated }] of rates) {
    yield rowOf('rpc', `${arm}: pp512`, 'tokens/s', prompt, { threads: 1 });
    yield rowOf('rpc', `${arm}: tg128`, 'tokens/s', generated, { threads: 1 });
    if (arm === 'here') continue;
    const over = generated.map((rate, round) => rate / here.generated[round]!);
    yield rowOf('rpc', `${arm} over here: tg128`, 'ratio', over, { threads: 1 });
  }
  const loadsHere = await loadsMs(path, undefined);
  const loadsThere = await loadsMs(path, servers);
  yield rowOf('rpc', 'adapter becomes resident: here, stacked', 'ms', loadsHere, { rank });
  yield rowOf('rpc', 'adapter becomes resident: two servers', 'ms', loadsThere, { rank });
}

/** Starts a server, and waits until it listens. */
async function lender(): Promise<{ readonly address: string; readonly child: ChildProcess }> {
  const args = ['rpc', 'serve', '--port', '0', '--threads', '1', '--gpu', 'off', '--json'];
  const child = start(process.execPath, [cli, ...args]);
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const { host, port } = JSON.parse(String(line)) as { host: string; port: number };
  return { address: `${host}:${port}`, child };
}

/** Milliseconds that each of some random adapters takes from its file being open until it acts; the first makes the bank. */
async function loadsMs(path: string, servers: readonly string[] | undefined): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-bench-'));
  try {
    const addon = compute({ threads: 1, gpu: 'off' });
    const model = await addon.openModel(path, servers ? -1 : 0, new addon.Load(), servers);
    model.setBank(8, 64, 'stacked', '');
    const cache = await model.openCache(64, 8, 1, 256);
    const session = await cache.session(256);
    const loads: number[] = [];
    for (let i = 0; i <= rounds; i++) {
      const file = join(folder, `${i}.gguf`);
      await writeRandomAdapter(file, path, { rank, seed: i + 1 });
      const adapters = [await model.openAdapter(file)];
      const begin = performance.now();
      while (!(await session.applyAdapters([{ from: 0, adapters, gains: [1] }])));
      loads.push(performance.now() - begin);
    }
    for (const one of [session, cache, model]) one.dispose();
    return loads.slice(1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
