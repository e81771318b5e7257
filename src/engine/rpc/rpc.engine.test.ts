import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyAdapter, writeTinyModel } from '../../testing/models/tiny-model.ts';
import { type LentDevice, lendDevice } from '../../testing/rpc-server.ts';
import { Model, type OpenOptions } from '../model.ts';
import { drawTogether } from '../session/draw-together.ts';
import type { RpcAddress } from './rpc-address.ts';
import { RpcServer } from './rpc-server.ts';

let folder: string;
let lent: LentDevice[];
const path = (): string => join(folder, 'tiny.gguf');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-rpc-'));
  await writeTinyModel(path());
  for (const seed of [1, 2, 3, 4]) await writeTinyAdapter(join(folder, `${seed}.gguf`), { seed });
  lent = [await lendDevice(), await lendDevice()];
});
afterAll(async () => {
  for (const one of lent) await one[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Products over all slots in plain form, and with one thread: what the servers compute, on this processor alone. */
const options: OpenOptions = { gpu: 'off', threads: 1, adapters: { form: 'stacked' } };
const over = (servers: readonly RpcAddress[]): OpenOptions => ({ ...options, rpc: { servers } });
const both = (): OpenOptions => over(lent.map(({ address }) => address));
const words = 'the king and the ghost on the wall at night '.repeat(3);

async function said(model: Model, seed: number): Promise<number[]> {
  using session = await model.session();
  const tokens: number[] = [];
  const drawn = { maxTokens: 24, sampling: { seed, temperature: 0.9 } };
  for await (const { token } of session.generate(model.tokenize(words), drawn))
    if (token !== undefined) tokens.push(token);
  return tokens;
}

async function saidWith(model: Model, adapter: string): Promise<number[]> {
  using session = await model.session();
  session.setAdapters([{ adapter: await model.adapter(adapter), scale: 1 }]);
  const scores = await session.score(model.tokenize(words), [model.tokenize(' night on the wall')]);
  return [...scores[0]!];
}

/** What four say who take their tokens in one step, each under an adapter of its own. */
async function saidTogether(model: Model): Promise<number[][]> {
  using cache = await model.cache({ sessions: 4 });
  const parts = [];
  for (const seed of [1, 2, 3, 4]) {
    const session = await cache.session();
    session.setAdapters([{ adapter: await model.adapter(join(folder, `${seed}.gguf`)), scale: 1 }]);
    const sampling = { seed, temperature: 0.9 };
    parts.push({ session, prompt: model.tokenize(words), options: { maxTokens: 12, sampling } });
  }
  const tokens: number[][] = [[], [], [], []];
  for await (const { part, token } of drawTogether(parts))
    if (token !== undefined) tokens[part]!.push(token);
  for (const { session } of parts) session[Symbol.dispose]();
  return tokens;
}

describe('A model over two servers', () => {
  it('says what it says on this machine alone, whatever the seed', async () => {
    using alone = await Model.open(path(), options);
    using model = await Model.open(path(), both());
    for (const seed of [1, 2, 3]) expect(await said(model, seed)).toEqual(await said(alone, seed));
  });

  it('takes tokens of four adapters in one step', async () => {
    using alone = await Model.open(path(), options);
    using model = await Model.open(path(), both());
    const together = await saidTogether(model);
    expect(together).toEqual(await saidTogether(alone));
    expect(new Set(together.map(String)).size).toBe(4);
    expect(await model.bank()).toMatchObject({ form: 'stacked', resident: 4, loads: 4 });
  });

  it.each(['here', 'there'])(
    '%s leaves nothing of an adapter to the next one of its slot',
    async (where) => {
      const adapters = { form: 'stacked', slots: 1, rank: 8 } as const;
      const opening = { ...(where === 'here' ? options : both()), adapters };
      const smaller = join(folder, 'smaller.gguf');
      await writeTinyAdapter(smaller, { seed: 9, rank: 2 });
      using model = await Model.open(path(), opening);
      {
        using larger = await model.session();
        larger.setAdapters([{ adapter: await model.adapter(join(folder, '1.gguf')), scale: 1 }]);
        await larger.prefill(model.tokenize(words));
      }
      using fresh = await Model.open(path(), opening);
      expect(await saidWith(model, smaller)).toEqual(await saidWith(fresh, smaller));
      expect(await model.bank()).toMatchObject({ loads: 2 });
    },
  );

  it('goes on in one cache after another was freed', async () => {
    using model = await Model.open(path(), both());
    using session = await model.session();
    const prompt = model.tokenize(words);
    const scores = async () => (await session.score(prompt, [model.tokenize(' night')]))[0]!;
    const before = await scores();
    {
      using other = await model.session();
      await other.prefill(prompt);
    }
    expect(await scores()).toEqual(before);
  });

  it('is opened twice by one process, though a server takes one client alone', async () => {
    using one = await Model.open(path(), both());
    using other = await Model.open(path(), both());
    expect(await said(other, 1)).toEqual(await said(one, 1));
  });
});

describe('A server that is killed', () => {
  it('ends an answer with an error that names it, and every use of the model after that', async () => {
    await using one = await lendDevice();
    using model = await Model.open(path(), over([lent[0]!.address, one.address]));
    using session = await model.session();
    const lost = {
      code: 'RPC_LOST',
      message: `the connection to the RPC server 127.0.0.1:${one.address.port} failed`,
    };
    const answering = async (): Promise<void> => {
      let tokens = 0;
      for await (const _ of session.generate(model.tokenize(words), { maxTokens: 400 }))
        if (++tokens === 3) one.process.kill('SIGKILL');
    };
    await expect(answering()).rejects.toMatchObject(lost);
    await expect(session.prefill(model.tokenize('night'))).rejects.toMatchObject(lost);
    await expect(session.save(join(folder, 'state'))).rejects.toMatchObject(lost);
    await expect(model.session()).rejects.toMatchObject(lost);
    using another = await Model.open(path(), over([lent[0]!.address]));
    expect(await said(another, 1)).toHaveLength(24);
  });

  it('is no longer there for the next model', async () => {
    const one = await lendDevice();
    await one[Symbol.asyncDispose]();
    await expect(Model.open(path(), over([one.address]))).rejects.toMatchObject({
      code: 'RPC_UNREACHABLE',
    });
  });
});

describe('RpcServer', () => {
  const asked = { port: 0, trustsNetwork: false, threads: 1, gpu: 'off' } as const;

  it('lends the processor where there is no GPU, and says on which port', async () => {
    using server = await RpcServer.open({ ...asked, host: 'localhost' });
    expect(server).toMatchObject({ host: '127.0.0.1', devices: ['CPU'] });
    expect(server.port).toBeGreaterThan(0);
    const serving = server.serve();
    server[Symbol.dispose]();
    await serving;
  });

  it('refuses a port that is taken, and a device that is not here', async () => {
    const { port } = lent[0]!.address;
    await expect(RpcServer.open({ ...asked, host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'USAGE',
      message: `127.0.0.1:${port} cannot be listened at: Address already in use`,
    });
    await expect(
      RpcServer.open({ ...asked, host: '127.0.0.1', devices: ['CUDA7'] }),
    ).rejects.toMatchObject({ code: 'USAGE', message: 'there is no device "CUDA7" here' });
  });
});
