import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeTinyAdapter, writeTinyModel, writeTinyParts } from '../testing/models/tiny-model.ts';
import { Model } from './model.ts';
import { Trainer } from './trainer.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-parts-'));
const whole = join(folder, 'whole.gguf');
let parts = '';
beforeAll(async () => {
  await writeTinyModel(whole);
  parts = await writeTinyParts(folder, { first: 0 });
});
const opened: Model[] = [];
afterAll(() => {
  for (const model of opened) model[Symbol.dispose]();
});

/** What a model says with an adapter of so high a rank. */
async function spoken(path: string, rank: number): Promise<number[]> {
  const model = await Model.open(path, { gpu: 'off' });
  opened.push(model);
  const file = join(folder, `rank-${rank}.gguf`);
  await writeTinyAdapter(file, { rank });
  using session = await model.session();
  session.setAdapters([{ adapter: await model.adapter(file), scale: 1 }]);
  const said: number[] = [];
  const sampling = { seed: 1 };
  for await (const { token } of session.generate(model.tokenize('the king'), {
    maxTokens: 8,
    sampling,
  }))
    if (token !== undefined) said.push(token);
  return said;
}

it('speaks as the whole model, with an adapter too, though its first part holds no tensors', async () => {
  expect(await spoken(parts, 4)).toEqual(await spoken(whole, 4));
});

it('is trained on as the whole model', async () => {
  const lossOf = async (path: string): Promise<number> => {
    using trainer = await Trainer.open(path, { rank: 2, alpha: 4 });
    const tokens = Int32Array.from({ length: 12 }, (_, i) => 40 + i);
    const rows = Int32Array.from({ length: 11 }, (_, i) => i);
    const nats = await trainer.pass({
      tokens,
      transcript: 0,
      positions: Int32Array.from(tokens.keys()),
      first: new Int32Array(12),
      context: new Int32Array(24),
      rows,
      targets: tokens.slice(1),
      weights: new Float32Array(11).fill(1),
    });
    return nats.reduce((sum, one) => sum + one, 0);
  };
  expect(await lossOf(parts)).toBe(await lossOf(whole));
});

it('takes an adapter of a higher rank than the bank begins with, and refuses one above all', async () => {
  expect((await spoken(whole, 100)).length).toBeGreaterThan(0);
  await expect(spoken(whole, 257)).rejects.toMatchObject({
    code: 'ADAPTER_MISMATCH',
    remedy: expect.stringMatching(/adapters import/),
  });
});
