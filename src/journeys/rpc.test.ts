import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { dramatis, folder, json, program, start } from './dramatis.ts';

/** `dramatis rpc serve` on a free port of this machine. */
class Lender {
  readonly address: string;
  readonly #process: ChildProcess;

  private constructor(address: string, child: ChildProcess) {
    this.address = address;
    this.#process = child;
  }

  static async open(...more: string[]): Promise<Lender> {
    const args = ['rpc', 'serve', '--port', '0', '--threads', '1', '--gpu', 'off', '--json'];
    const child = start([...args, ...more]);
    for await (const line of createInterface({ input: child.stdout! })) {
      const { host, port, devices } = JSON.parse(line);
      expect(devices).toEqual(['CPU']);
      return new Lender(`${host}:${port}`, child);
    }
    throw new Error('the server ended before it had said where it listens');
  }

  /** The exit code; null if it was killed. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill(signal);
      await ended;
    }
    return this.#process.exitCode;
  }

  /** Resolves when it has ended by itself. */
  async ended(): Promise<number | null> {
    if (this.#process.exitCode === null) await once(this.#process, 'exit');
    return this.#process.exitCode;
  }
}

const lenders: Lender[] = [];
beforeAll(async () => {
  lenders.push(await Lender.open(), await Lender.open());
});
afterAll(async () => {
  for (const one of lenders) await one.end('SIGKILL');
});

const chat = ['chat', 'hamlet', '--gpu', 'off', '--threads', '1', '--seed', '3', '--no-memory'];
const recipe = fileURLToPath(new URL('../../data/recipes/rpc.sbatch', import.meta.url));

/** A play of two lines and a random model, in a home of their own. */
async function tinyStory(at: string) {
  await writeTinyModel(join(at, 'tiny.gguf'), { context: 8192 });
  await writeFile(join(at, 'play.txt'), 'SCENE 1\n\nNELL: Who is there?\n\nTOM: The wind.\n');
  const nell = [
    ...['chat', 'nell', '--play', join(at, 'play.txt'), '--model', join(at, 'tiny.gguf')],
    ...['--no-memory', '--steer', 'off', '--seed', '1', '--gpu', 'off', '--context', '8192'],
  ];
  return { env: { DRAMATIS_HOME: join(at, 'home') }, nell };
}

const both = (): string => lenders.map(({ address }) => address).join(',');

describe('A model on two other processes', () => {
  it('says what it says here', async () => {
    const say = [...chat, '--say', 'Who are you?', '--max-tokens', '16'];
    const here = await json<{ reply: string }>(say);
    const there = await json<{ reply: string }>([...say, '--rpc', both()]);
    expect(there.reply).toBe(here.reply);
    expect(here.reply.length).toBeGreaterThan(10);
  });

  it('ends with an error when one is killed in the middle of an answer, and what was said is kept', async () => {
    await using work = await folder();
    const { env, nell } = await tinyStory(work.path);
    const killed = await Lender.open();
    const before = await dramatis([...nell, '--max-tokens', '8'], {
      env,
      input: 'Who is there?\n',
    });
    expect(before.code, before.err).toBe(0);
    const rpc = `${lenders[0]!.address},${killed.address}`;
    const child = start(
      [...nell, '--continue', '--max-tokens', '6000', '--rpc', rpc, '--say', 'And now?'],
      { env },
    );
    let [out, err] = ['', ''];
    const ended = once(child, 'close');
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    for await (const text of child.stdout!) {
      if (out === '') await killed.end('SIGKILL');
      out += text;
    }
    const [code] = await ended;
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining(`the connection to the RPC server ${killed.address} failed`),
    });
    expect(err).toContain('what was said is kept');
    const after = await dramatis([...nell, '--continue', '--max-tokens', '8'], {
      env,
      input: 'Still there?\n',
    });
    expect(after.code, after.err).toBe(0);
    const listed = await json<readonly { turns: number }[]>(['conversations', 'list'], { env });
    expect(listed).toHaveLength(1);
  });

  it('is over several nodes of a job by the recipe of data/recipes', async () => {
    await using work = await folder();
    const { env, nell } = await tinyStory(work.path);
    const bin = join(work.path, 'bin');
    await mkdir(bin);
    // A job of one node that is this machine: what Slurm would start begins here.
    const tools = {
      scontrol: 'echo localhost',
      srun: 'while [[ $1 == --* ]]; do shift; done; exec "$@"',
    };
    for (const [name, line] of Object.entries(tools)) {
      await writeFile(join(bin, name), `#!/bin/bash\n${line}\n`);
      await chmod(join(bin, name), 0o755);
    }
    const port = 20_000 + (process.pid % 20_000);
    const job = spawn(
      'bash',
      [recipe, ...nell, '--say', 'Who is there?', '--max-tokens', '8', '--json'],
      {
        env: {
          ...process.env,
          ...env,
          ...{ PATH: `${bin}${delimiter}${process.env.PATH}`, NO_COLOR: '1' },
          ...{ SLURM_JOB_ID: '7', SLURM_JOB_NODELIST: 'localhost', DRAMATIS_RPC_PORT: `${port}` },
          DRAMATIS: `${process.execPath} ${program}`,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const [out, err] = [textOf(job.stdout), textOf(job.stderr)];
    const [code] = await once(job, 'close');
    expect(code, await err).toBe(0);
    const [address, lent, ...said] = (await out).trim().split('\n');
    expect([address, lent]).toEqual([`127.0.0.1:${port}`, 'Lends CPU. Ctrl-C stops it.']);
    expect(JSON.parse(said.join('\n'))).toMatchObject({
      character: 'NELL',
      tokens: expect.any(Number),
    });
  });
});

describe('dramatis rpc serve', () => {
  it('ends by SIGTERM with 0, and by Ctrl-C with 130', async () => {
    expect(await (await Lender.open()).end('SIGTERM')).toBe(0);
    expect(await (await Lender.open()).end('SIGINT')).toBe(130);
  });

  it('ends when its parent has ended', async () => {
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const lender = await Lender.open('--parent', `${parent.pid}`);
    parent.kill();
    expect(await lender.ended()).toBe(0);
  });

  it('is refused where others could reach it', async () => {
    const { code, err } = await dramatis(['rpc', 'serve', '--host', '0.0.0.0', '--port', '0']);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--trust-network') });
  });
});
