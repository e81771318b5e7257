import { DramatisError } from '../errors.ts';
import type { GgufHeader } from '../gguf/header.ts';
import { tensorType, tensorTypes } from '../gguf/tensor-types.ts';
import { ifWritable } from '../store/if-writable.ts';
import { processorKind } from '../store/processor-kind.ts';
import type { Settings, StepKernels } from '../store/settings.ts';
import { measuredStep, recordSteps } from '../store/step-kernels.ts';
import type { NativeAddon, NativeTimes } from './native.ts';
import { settle } from './settle.ts';

/** Environment variable that takes the choice from what was measured: "own" or "ggml". */
export const kernelsVariable = 'DRAMATIS_KERNELS';

type Measuring = Pick<
  NativeAddon,
  'comparedKernels' | 'chooseKernels' | 'measureProduct' | 'measureAttention'
>;

/** How much faster than ggml's our kernels are with each number of inputs, at least: below 1 they are slower. */
const leastTimes = 0.75;

/** Kinds of work for which ggml's kernels are used in this process, since they were found to be faster. */
const declined = new Set<string>();

/**
 * Makes the steps of this process use, for each kind of work that a model asks for, those kernels that are faster on
 * this kind of processor. What the settings do not know is measured, some hundredths of a second each, and kept there.
 *
 * @throws {DramatisError} USAGE if the environment forces kernels that there are not.
 */
export async function chooseStepKernels(
  addon: Measuring,
  header: GgufHeader,
  settings: Settings,
): Promise<void> {
  const compared = addon.comparedKernels();
  if (compared === '' || forcedKernels() !== undefined) return;
  const processor = processorKind();
  const found: Record<string, StepKernels> = {};
  for (const [work, measure] of workOf(addon, header)) {
    let known = measuredStep(settings, processor, work, compared);
    if (known === undefined) {
      const times = await settle(measure());
      if (times.length === 0) continue;
      known = judged(times, compared);
      // A neighbour's noise must not cost this machine its faster kernels for good.
      if (!known.own) known = judged(least(times, await settle(measure())), compared);
      found[work] = known;
    }
    if (known.own) declined.delete(work);
    else declined.add(work);
  }
  tell(addon, (work) => !declined.has(work));
  if (Object.keys(found).length > 0)
    await ifWritable(() => recordSteps(settings, processor, found));
}

/**
 * Makes the steps of this process use the kernels that the environment forces, if it does.
 *
 * @throws {DramatisError} USAGE
 */
export function useForcedKernels(addon: Pick<NativeAddon, 'chooseKernels'>): void {
  const forced = forcedKernels();
  if (forced !== undefined) tell(addon, () => forced === 'own');
}

/** The kernels that the environment forces; undefined where what was measured decides. */
export function forcedKernels(
  env: Readonly<Record<string, string | undefined>> = process.env,
): 'own' | 'ggml' | undefined {
  const wanted = env[kernelsVariable];
  if (wanted === undefined || wanted === '' || wanted === 'own' || wanted === 'ggml')
    return wanted || undefined;
  throw new DramatisError('USAGE', `${kernelsVariable} is "${wanted}"`, {
    remedy: 'Set it to "own" or "ggml", or leave it unset: then what is faster here is used.',
  });
}

/**
 * The types of a model's matrices, as ggml numbers them; undefined for one whose layout is best left to ggml, which has
 * kernels of its own for matrices of several experts.
 */
export function matrixTypes({ tensors }: GgufHeader): Int32Array | undefined {
  if (tensors.some(({ shape }) => shape.length > 2)) return undefined;
  const names = new Set(tensors.filter(({ shape }) => shape.length === 2).map(({ type }) => type));
  return Int32Array.from([...names], (name) => tensorType(name).id);
}

/** What steps with a model are made of, by name, and how each is measured on shapes of the model. */
function workOf(
  addon: Measuring,
  header: GgufHeader,
): Map<string, () => Promise<readonly NativeTimes[]>> {
  const work = new Map<string, () => Promise<readonly NativeTimes[]>>();
  const matrices = header.tensors.filter(({ shape }) => shape.length === 2);
  // The largest of each type: what a step spends most time with.
  for (const { type, shape } of matrices.toSorted((a, b) => a.bytes - b.bytes))
    work.set(type, () => addon.measureProduct(tensorType(type).id, shape[0]!, shape[1]!));
  const number = (key: string) => header.number(`${header.architecture}.${key}`);
  const heads = number('attention.head_count');
  if (heads === undefined) return work;
  const shared = number('attention.head_count_kv') ?? heads;
  const width = number('attention.key_length') ?? (number('embedding_length') ?? 0) / heads;
  if (!(Number.isInteger(width) && width > 0)) return work;
  return work.set('attention', () => addon.measureAttention(heads, shared, width));
}

/** The lesser times of two measurements of the same work. */
function least(one: readonly NativeTimes[], other: readonly NativeTimes[]): NativeTimes[] {
  return one.map(({ columns, ours, theirs }, i) => ({
    columns,
    ours: Math.min(ours, other[i]?.ours ?? ours),
    theirs: Math.min(theirs, other[i]?.theirs ?? theirs),
  }));
}

/**
 * Our kernels are used where they are faster on the whole and nowhere much slower. A product with a single input is measured on a few
 * megabytes, of which a large cache keeps a part, where a step reads all of a matrix from memory: Q6_K came out at .83 to .89 of
 * ggml's so, and Qwen2.5-Coder-1.5B said 18 to 21 tokens a second with ours, 17 to 19 with ggml's for that type, 14 to 15 with
 * ggml's for all. One type left to ggml also has the whole model laid out anew.
 */
function judged(times: readonly NativeTimes[], compared: string): StepKernels {
  const gains = times.map(({ columns, ours, theirs }) => ({
    columns,
    times: Math.round((100 * theirs) / ours) / 100,
  }));
  const product = gains.reduce((all, one) => all * one.times, 1);
  const own = product > 1 && gains.every((one) => one.times >= leastTimes);
  return { own, gains, compared, date: new Date().toISOString() };
}

function tell(addon: Pick<NativeAddon, 'chooseKernels'>, isOwn: (work: string) => boolean): void {
  const own = tensorTypes.filter(({ name }) => isOwn(name));
  addon.chooseKernels(
    Int32Array.from(own, ({ id }) => id),
    isOwn('attention'),
  );
}
