import { join } from 'node:path';
import type { Adapter } from '../../engine/adapter.ts';
import { type Model, maxHiddenTexts, maxHiddenTokens } from '../../engine/model.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';
import { sha256Of } from '../../store/sha256.ts';
import { keepDirections, keptDirections } from './control-file.ts';

/**
 * A push in the model's own terms: layer, counted from 0 → what is added to the residual stream after it, as many floats
 * as the model is wide. Times 1 it moves the mean state of the others' lines onto that of the character's.
 */
export type Directions = ReadonlyMap<number, Float32Array>;

/** What is asked of a model. */
export type ControlledModel = Pick<
  Model,
  'info' | 'identity' | 'stepTokens' | 'tokenize' | 'hiddenSums' | 'controlVector'
>;

export interface ControlOptions {
  /** Where directions are kept from one process to the next; nowhere unless given. */
  readonly folder?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** 0 to 1, some times a second. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Tokens that are read of each side: means of more hardly move any more. */
const mostTokens = 1536;
/** Tokens that are read of one speech, at most: long ones are not to speak for all. */
const longestSpeech = 96;

/**
 * Makes the control vector of a character: from the lines of all others of the play towards theirs.
 *
 * @param play The train scenes alone.
 * @throws {DramatisError} MEMORY_SHORT; `signal.reason` when aborted.
 */
export async function controlVectorOf(
  model: ControlledModel,
  play: Play,
  character: CastMember,
  options: ControlOptions = {},
): Promise<Adapter> {
  const { own, others } = linesOf(model, play, character);
  return model.controlVector(await kept(model, own, others, options));
}

/** Speeches as tokens, each after the line break that it begins with on the page. */
function linesOf(model: Pick<Model, 'tokenize'>, play: Play, { name }: CastMember) {
  const own: string[] = [];
  const others: string[] = [];
  for (const { speech } of speeches(play)) {
    const side = speech.speakers.includes(name) ? own : others;
    side.push(`\n${speech.lines.join('\n')}`);
  }
  return { own: sample(model, own), others: sample(model, others) };
}

/** From the whole play alike, until there are tokens enough. */
function sample(model: Pick<Model, 'tokenize'>, texts: readonly string[]): Int32Array[] {
  const found: Int32Array[] = [];
  let tokens = 0;
  for (const text of spread(texts)) {
    if (tokens >= mostTokens) break;
    const row = model.tokenize(text).subarray(0, longestSpeech);
    if (row.length < 2) continue; // nothing but what is left out
    found.push(row);
    tokens += row.length;
  }
  return found;
}

/** All of them, those at equal distances first: every 64th, then every 32nd of the others, and so on. */
function* spread<T>(all: readonly T[]): Generator<T> {
  for (let step = 64; step >= 1; step /= 2)
    for (let i = 0; i < all.length; i += step)
      if (step === 64 || i % (2 * step) !== 0) yield all[i]!;
}

async function kept(
  model: ControlledModel,
  own: readonly Int32Array[],
  others: readonly Int32Array[],
  { folder, signal, onProgress }: ControlOptions,
): Promise<Directions> {
  const layers = layersOf(model.info.layers);
  const key = keyOf(model, own, others, layers);
  const path = folder && join(folder, `${key.slice(0, 32)}.control`);
  const known = path && (await keptDirections(path, key));
  if (known) return known;
  const made = await directionsOf(model, own, others, layers, signal, onProgress);
  if (path) await keepDirections(path, key, made);
  return made;
}

/** Names what directions follow from. */
function keyOf(
  model: ControlledModel,
  own: readonly Int32Array[],
  others: readonly Int32Array[],
  layers: readonly number[],
): string {
  const texts = [own, others].flatMap((side) => [';', ...side.map((row) => `,${row.join(' ')}`)]);
  return sha256Of([`control ${model.identity} ${layers.join()}`, ...texts]);
}

/** The middle of a model: what comes before is about letters, what comes after about the very next token. */
export function layersOf(layers: number): number[] {
  const first = Math.floor(layers / 3);
  // Of the last one no state is told.
  const end = Math.min(layers - 1, Math.ceil((2 * layers) / 3));
  return Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
}

/**
 * Layer by layer the difference of the mean hidden states of a character's lines and those of others, each shared among
 * the layers: what an early one adds is still there after a later one.
 *
 * @param own, others Lines as tokens, the first of each not counted: it is where attention is parked.
 * @see Rimsky et al., "Steering Llama 2 via Contrastive Activation Addition", 2023.
 */
export async function directionsOf(
  model: Pick<Model, 'info' | 'stepTokens' | 'hiddenSums'>,
  own: readonly Int32Array[],
  others: readonly Int32Array[],
  layers: readonly number[],
  signal?: AbortSignal,
  onProgress?: (fraction: number) => void,
): Promise<Directions> {
  const most = Math.min(model.stepTokens, maxHiddenTokens);
  const steps = [inSteps(own, most), inSteps(others, most)];
  const all = steps.flat().length;
  let done = 0;
  const means: Float64Array[] = [];
  for (const side of steps) {
    const sum = new Float64Array((model.info.layers - 1) * model.info.width);
    let tokens = 0;
    for (const texts of side) {
      signal?.throwIfAborted();
      onProgress?.(done++ / all);
      const found = await model.hiddenSums(texts, 1);
      for (let i = 0; i < sum.length; i++) sum[i]! += found[i]!;
      tokens += texts.reduce((count, text) => count + text.length - 1, 0);
    }
    means.push(sum.map((value) => value / Math.max(1, tokens)));
  }
  onProgress?.(1);
  const { width } = model.info;
  return new Map(
    layers.map((layer) => {
      const at = layer * width;
      const row = Float32Array.from(
        { length: width },
        (_, i) => (means[0]![at + i]! - means[1]![at + i]!) / layers.length,
      );
      return [layer, row] as const;
    }),
  );
}

/** Texts in steps, as many a step as it takes tokens. */
function inSteps(texts: readonly Int32Array[], most: number): Int32Array[][] {
  const steps: Int32Array[][] = [];
  let room = 0;
  for (const text of texts) {
    const cut = text.subarray(0, most);
    if (cut.length > room || steps.at(-1)!.length === maxHiddenTexts) {
      steps.push([]);
      room = most;
    }
    steps.at(-1)!.push(cut);
    room -= cut.length;
  }
  return steps;
}
