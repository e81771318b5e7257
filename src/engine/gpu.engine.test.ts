import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { writeTinyAdapter, writeTinyModel } from '../testing/models/tiny-model.ts';
import { addonFolder } from './native.ts';

/** Mesa's Vulkan driver for processors without a GPU, by the names that distributions give it. */
const driver = ['lvp_icd.x86_64.json', 'lvp_icd.json', 'lvp_icd.i686.json']
  .map((name) => join('/usr/share/vulkan/icd.d', name))
  .find(existsSync);
const module = fileURLToPath(
  new URL(
    '../../node_modules/@node-llama-cpp/linux-x64-vulkan/bins/linux-x64-vulkan/libggml-vulkan.so',
    import.meta.url,
  ),
);
const missing =
  driver === undefined
    ? 'no llvmpipe driver here: apt-get install mesa-vulkan-drivers'
    : existsSync(module)
      ? undefined
      : 'the package @node-llama-cpp/linux-x64-vulkan is not installed';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-gpu-layers-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  await writeTinyAdapter(join(folder, 'adapter.gguf'), { seed: 5 });
});
afterAll(() => rm(folder, { recursive: true }));

interface Options {
  readonly device: boolean;
  readonly layers: number;
  readonly form?: 'fused' | '';
}

interface Outcome {
  readonly devices: readonly string[];
  readonly form: string;
  /** After 48 tokens, and after each of three more. */
  readonly logits: readonly (readonly number[])[];
}

/**
 * Reads 48 tokens, enough for llama.cpp to move a product to a device, and three more, under a LoRA and a control
 * vector. On the bare addon, in a process of its own: a crash fails the test and not the runner.
 */
const script = `
  const [folder, layers, form] = process.argv.slice(1);
  const addon = require(${JSON.stringify(`${addonFolder()}dramatis.node`)});
  addon.load(${JSON.stringify(addonFolder())}, []);
  addon.setThreads(1, false);
  (async () => {
    const model = await addon.openModel(folder + '/tiny.gguf', Number(layers), new addon.Load());
    model.setBank(8, 64, form, 'f32');
    const cache = await model.openCache(256, 64, 1, 512);
    const session = await cache.session(512);
    const { width } = model.info();
    const control = Float32Array.from({ length: width }, (_, i) => Math.sin(i) * 0.3);
    const adapters = [
      await model.openAdapter(folder + '/adapter.gguf'),
      await model.controlVector(Int32Array.of(0), control),
    ];
    while (!(await session.applyAdapters([{ from: 0, adapters, gains: [1, 1] }])));
    const logits = [];
    for (const tokens of [Array.from({ length: 48 }, (_, i) => (i * 7 + 3) % 290), [40], [50], [60]]) {
      await session.feed(Int32Array.from(tokens), true);
      logits.push(Array.from(await session.logits()));
    }
    const { form: taken } = await model.bank();
    console.log(JSON.stringify({ devices: addon.devices().map(({ kind }) => kind), form: taken, logits }));
  })();`;

/** A program of its own, with llvmpipe as a device that Vulkan sees; what it prints. */
async function run(program: string, args: readonly string[], more = {}): Promise<unknown> {
  const vulkan = { GGML_VK_VISIBLE_DEVICES: '0', VK_DRIVER_FILES: driver };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program, ...args], {
    env: { ...process.env, ...vulkan, GGML_BACKEND_PATH: undefined, ...more },
  });
  return JSON.parse(stdout) as unknown;
}

const read = async ({ device, layers, form = '' as const }: Options): Promise<Outcome> =>
  (await run(
    script,
    [folder, String(layers), form],
    device ? { GGML_BACKEND_PATH: module } : {},
  )) as Outcome;

/** The largest distance of two logits that belong together. */
const difference = (one: Outcome, other: Outcome): number =>
  Math.max(
    ...one.logits.flatMap((row, i) => row.map((x, t) => Math.abs(x - other.logits[i]![t]!))),
  );

const best = (row: readonly number[]): number => row.indexOf(Math.max(...row));

const requireDevice = (context: TestContext): void => {
  if (missing !== undefined) context.skip(missing);
};

describe('A model with adapters beside a GPU', () => {
  let onCpu: Promise<Outcome> | undefined;
  const reference = (): Promise<Outcome> => {
    onCpu ??= read({ device: false, layers: 0 });
    return onCpu;
  };

  it('leaves the device alone where no layer is on it', async (context) => {
    requireDevice(context);
    const beside = await read({ device: true, layers: 0 });
    expect(beside.devices).toEqual(expect.arrayContaining(['gpu', 'cpu']));
    expect(beside.form).toBe('fused');
    expect(beside.logits).toEqual((await reference()).logits); // to the bit
  });

  it.for([
    { name: 'the output', layers: 1 },
    { name: 'the output and one layer of two', layers: 2 },
    { name: 'everything', layers: -1 },
  ])('says with $name on it what it says without', async ({ layers }, context) => {
    requireDevice(context);
    const onDevice = await read({ device: true, layers });
    expect(onDevice.form).toBe('stacked');
    // The device keeps keys and sums in other precisions; the adapters themselves move logits by more than 1.
    expect(difference(onDevice, await reference())).toBeLessThan(0.1);
    expect(onDevice.logits.map(best)).toEqual((await reference()).logits.map(best));
  });

  it('refuses the form that acts on the CPU alone', async (context) => {
    requireDevice(context);
    const refused = read({ device: true, layers: -1, form: 'fused' });
    await expect(refused).rejects.toThrow(/act on the CPU alone.*no layers on the GPU/s);
  });
});

describe('The GPU modules', () => {
  const load = `
    const addon = require(${JSON.stringify(`${addonFolder()}dramatis.node`)});
    const attempts = addon.load(${JSON.stringify(addonFolder())}, process.argv.slice(1));
    const again = addon.load(${JSON.stringify(addonFolder())}, ['/other.so']);
    console.log(JSON.stringify({ attempts, again, devices: addon.devices().map(({ name }) => name) }));`;

  it('are tried in turn until one registers a device, and why another did not is told', async (context) => {
    requireDevice(context);
    const told = await run(load, ['/nowhere/libggml-cuda.so', module, '/nowhere/never.so']);
    const attempts = [
      {
        path: '/nowhere/libggml-cuda.so',
        devices: [],
        error: expect.stringMatching(/^\/nowhere\/libggml-cuda\.so: cannot open shared object/),
      },
      { path: module, devices: ['Vulkan0'], error: '' },
    ];
    expect(told).toEqual({ attempts, again: attempts, devices: ['Vulkan0', 'CPU'] });
  });

  it('that load and find nothing to drive say so', async (context) => {
    requireDevice(context);
    const told = await run(load, [module], { VK_DRIVER_FILES: '/nowhere.json' });
    expect(told).toMatchObject({
      attempts: [{ devices: [], error: expect.stringMatching(/./) }],
      devices: ['CPU'],
    });
  });
});
