import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { addonFolder } from './native.ts';

let folder: string;
let model: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-teardown-'));
  model = join(folder, 'tiny.gguf');
  await writeTinyModel(model);
});
afterAll(() => rm(folder, { recursive: true }));

/** Opens the model and generates for ever, on the bare addon: a worker has no loader for TypeScript. */
const endless = `
  const addon = require(${JSON.stringify(`${addonFolder()}dramatis.node`)});
  addon.load(${JSON.stringify(addonFolder())}, []);
  addon.setThreads(1, false);
  const sampling = { temperature: 1, topNSigma: 0, topK: 0, topP: 1, minP: 0, repeatPenalty: 1, repeatLast: 0,
    dryMultiplier: 0, dryBase: 1.75, dryAllowed: 2, dryLast: 0, seed: 1, strength: 1 };
  async function endless(path, started) {
    const model = await addon.openModel(path, 0, new addon.Load());
    const cache = await model.openCache(256, 64, 1, 512);
    const session = await cache.session(512);
    for (;;) {
      await session.rewind(0);
      session.setSampler(sampling, new Int32Array(), []);
      await session.feed(Int32Array.from({ length: 256 }, (_, i) => i), true);
      started();
      for (let i = 0; i < 200; i++) if ((await session.next()) < 0) break;
    }
  }`;

/** Runs a script to its end: its exit code or signal, its output, and the milliseconds from "mark" to the end. */
function run(
  script: string,
): Promise<{ code: number | null; signal: string | null; out: string; endMs: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    let mark = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (mark === 0) mark = performance.now();
      out += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code, signal, out, endMs: performance.now() - mark }),
    );
  });
}

describe('Teardown', () => {
  it('ends a process that exits in mid-generation within a second, five times of five', async () => {
    for (let i = 0; i < 5; i++) {
      const ended = await run(`${endless}
        let counted = 0;
        void endless(${JSON.stringify(model)}, () => {
          if (++counted === 3) { process.stdout.write('mark'); process.exit(7); }
        });`);
      expect(ended).toMatchObject({ code: 7, signal: null });
      expect(ended.endMs).toBeLessThan(1000);
    }
  });

  it('computes nothing any more once the process exits, whatever was asked', async () => {
    // The C library ends ggml's modules after this event: a step that computed with them then would crash.
    const { code, out } = await run(`${endless}
      for (let i = 0; i < 500; i++) void addon.openModel(${JSON.stringify(model)}, 0, new addon.Load());
      process.on('exit', () => {
        const before = process.cpuUsage();
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
        const { user, system } = process.cpuUsage(before);
        process.stdout.write(String((user + system) / 1000));
      });
      setTimeout(() => process.exit(7), 20);`);
    expect(code).toBe(7);
    expect(Number(out)).toBeLessThan(100);
  });

  it('survives a worker terminated in mid-call, twenty times of twenty', async () => {
    const worker = `${endless}
      const { parentPort } = require('node:worker_threads');
      void endless(${JSON.stringify(model)}, () => parentPort.postMessage('on'));`;
    const ended = await run(`
      const { Worker } = require('node:worker_threads');
      (async () => {
        for (let i = 0; i < 20; i++) {
          const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
          await new Promise((resolve) => worker.once('message', resolve));
          await new Promise((resolve) => setTimeout(resolve, (i * 7) % 23));
          await worker.terminate();
          process.stdout.write('.');
        }
      })();`);
    expect(ended).toMatchObject({ code: 0, signal: null, out: '.'.repeat(20) });
  });

  it('survives workers terminated while they load', async () => {
    const worker = `${endless}
      require('node:worker_threads').parentPort.postMessage('on');
      void endless(${JSON.stringify(model)}, () => {});`;
    const ended = await run(`
      const { Worker } = require('node:worker_threads');
      (async () => {
        for (let i = 0; i < 20; i++) {
          const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
          await new Promise((resolve) => worker.once('message', resolve));
          await worker.terminate();
          process.stdout.write('.');
        }
      })();`);
    expect(ended).toMatchObject({ code: 0, signal: null, out: '.'.repeat(20) });
  });
});
