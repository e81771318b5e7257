import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { GgufHeader } from '../gguf/header.ts';
import { tensorType } from '../gguf/tensor-types.ts';
import { processorKind } from '../store/processor-kind.ts';
import { Settings } from '../store/settings.ts';
import {
  chooseStepKernels,
  forcedKernels,
  kernelsVariable,
  matrixTypes,
  useForcedKernels,
} from './step-kernels.ts';

const tensor = (type: string, ...shape: number[]) => ({
  name: `${type}.${shape.join('.')}`,
  type,
  shape,
  offset: 0,
  bytes: shape.reduce((a, b) => a * b, 1),
});
const header = (...tensors: ReturnType<typeof tensor>[]) =>
  new GgufHeader({
    version: 3,
    metadata: new Map(
      Object.entries({
        'general.architecture': { type: 'string', value: 'llama' } as const,
        'llama.attention.head_count': { type: 'uint32', value: 8 } as const,
        'llama.attention.head_count_kv': { type: 'uint32', value: 2 } as const,
        'llama.embedding_length': { type: 'uint32', value: 512 } as const,
      }),
    ),
    tensors,
    dataOffset: 0,
    fileBytes: 0,
  });
const model = header(
  tensor('Q4_K', 512, 256),
  tensor('Q4_K', 512, 2048),
  tensor('Q6_K', 512, 256),
  tensor('F32', 512),
);

/** An addon whose kernels gain this much on ggml's, at each of three numbers of inputs. */
function machine(gains: Record<string, readonly number[]>, compared = 'fast 1, ggml 1.0') {
  const times = (work: string) =>
    Promise.resolve(
      (gains[work] ?? []).map((gain, i) => ({ columns: 4 ** i, ours: 1e-3, theirs: gain * 1e-3 })),
    );
  const nameOf = (id: number) => Object.keys(gains).find((one) => isType(one, id)) ?? '';
  const chosen: { products: string[]; attention: boolean }[] = [];
  return {
    comparedKernels: () => compared,
    chooseKernels(ids: Int32Array, attention: boolean) {
      const products = Object.keys(gains).filter((work) => [...ids].some((id) => isType(work, id)));
      chosen.push({ products, attention });
    },
    measureProduct: vi.fn((type: number, _depth: number, _rows: number) => times(nameOf(type))),
    measureAttention: vi.fn((_heads: number, _kvHeads: number, _width: number) =>
      times('attention'),
    ),
    chosen: () => chosen.at(-1),
  };
}
const isType = (name: string, id: number) => name !== 'attention' && tensorType(name).id === id;

let folder = '';
let settings: Settings;
beforeEach(async () => {
  vi.stubEnv(kernelsVariable, undefined);
  folder = mkdtempSync(join(tmpdir(), 'dramatis-steps-'));
  settings = await Settings.open(folder);
});

describe('the kernels of steps', () => {
  it('are ours where they are faster, and slower for no number of inputs', async () => {
    const here = machine({ Q4_K: [1.5, 1.4, 1.6], Q6_K: [2, 3, 0.7], attention: [0.99, 1.5, 2] });
    await chooseStepKernels(here, model, settings);
    expect(here.chosen()).toEqual({ products: ['Q4_K'], attention: true });
    // The largest matrix of a type, and the model's heads.
    expect(here.measureProduct.mock.calls).toContainEqual([tensorType('Q4_K').id, 512, 2048]);
    expect(here.measureAttention.mock.calls).toEqual([[8, 2, 64]]);
  });

  it('are measured twice before they are given up', async () => {
    const here = machine({ Q4_K: [2, 2, 2], Q6_K: [2, 2, 2], attention: [2, 2, 2] });
    const slow = [{ columns: 1, ours: 3e-3, theirs: 2e-3 }];
    const fair = [{ columns: 1, ours: 1e-3, theirs: 2.1e-3 }];
    here.measureAttention.mockResolvedValueOnce(slow).mockResolvedValueOnce(fair);
    await chooseStepKernels(here, model, settings);
    expect(here.chosen()?.attention).toBe(true);
    const kept = settings.get('steps')?.[processorKind()]?.attention;
    expect(kept?.gains).toEqual([{ columns: 1, times: 2 }]);
  });

  it('are measured once, and again when other kernels are compared', async () => {
    const gains = { Q4_K: [1, 0.5, 1], Q6_K: [2, 2, 2], attention: [2, 2, 2] };
    await chooseStepKernels(machine(gains), model, settings);
    const again = machine(gains);
    await chooseStepKernels(again, model, await Settings.open(folder));
    expect(again.measureProduct).not.toHaveBeenCalled();
    expect(again.measureAttention).not.toHaveBeenCalled();
    expect(again.chosen()).toEqual({ products: ['Q6_K'], attention: true });
    const kept = (await Settings.open(folder)).get('steps')?.[processorKind()];
    expect(kept?.Q4_K).toMatchObject({ own: false, compared: 'fast 1, ggml 1.0' });
    const newer = machine({ ...gains, Q4_K: [2, 2, 2] }, 'fast 2, ggml 1.0');
    await chooseStepKernels(newer, model, await Settings.open(folder));
    expect(newer.chosen()?.products).toEqual(['Q4_K', 'Q6_K']);
  });

  it('are left alone where the processor has none of ours', async () => {
    const here = machine({ Q4_K: [1, 1, 1] }, '');
    await chooseStepKernels(here, model, settings);
    expect(here.measureProduct).not.toHaveBeenCalled();
    expect(here.chosen()).toBeUndefined();
  });

  it('are those that the environment forces', async () => {
    vi.stubEnv(kernelsVariable, 'ggml');
    const here = machine({ Q4_K: [2, 2, 2], Q6_K: [2, 2, 2], attention: [2, 2, 2] });
    useForcedKernels(here);
    await chooseStepKernels(here, model, settings);
    expect(here.measureProduct).not.toHaveBeenCalled();
    expect(here.chosen()).toEqual({ products: [], attention: false });
    expect(forcedKernels({ [kernelsVariable]: 'own' })).toBe('own');
    expect(() => forcedKernels({ [kernelsVariable]: 'amx' })).toThrow(/DRAMATIS_KERNELS is "amx"/);
  });

  it('are no reason to fail where settings cannot be read any more', async () => {
    const here = machine({ Q4_K: [2, 2, 2] });
    await chooseStepKernels(here, model, settings);
    const file = join(folder, 'settings.json');
    const kept = readFileSync(file, 'utf8');
    writeFileSync(file, kept.replace('"own": true', '"own": 7').replace('"own":true', '"own":7'));
    const again = await Settings.open(folder);
    await chooseStepKernels(here, model, again);
    expect(here.measureProduct.mock.calls.length).toBeGreaterThan(2);
  });
});

describe('the layout of a model', () => {
  it('is asked about by the types of its matrices, and left to ggml where there are experts', () => {
    expect([...matrixTypes(model)!]).toEqual([tensorType('Q4_K').id, tensorType('Q6_K').id]);
    expect(matrixTypes(header(tensor('Q4_K', 512, 256), tensor('Q4_K', 512, 256, 8)))).toBe(
      undefined,
    );
  });
});
