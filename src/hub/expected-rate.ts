import { processorKind } from '../store/processor-kind.ts';
import type { MeasuredRate } from '../store/settings.ts';
import type { ModelEntry } from './catalogue.ts';

/** How fast a model is expected to speak on this machine. */
export interface ExpectedRate {
  readonly tokensPerSecond: number;
  /** Name of the file that the estimate was made from; undefined if this very model was measured. */
  readonly estimatedFrom: string | undefined;
  /** When the model, or the one the estimate is from, was measured last; ISO 8601. */
  readonly date: string;
}

/**
 * How the time of a token grows with the bytes of a model: less than in proportion, since some of it is not for reading
 * weights. Qwen2.5 1.5B, 11.4 times as large as SmolLM2 135M, takes 5 to 9 times as long on two cores of the two
 * processors measured, which is 11.4 to the power of 0.66 to 0.9.
 */
const sizeExponent = 0.8;

/**
 * Tokens a second that a model generates here: as measured, else estimated from the measured model that is nearest in size.
 *
 * Every token reads all weights once, so the estimate goes by bytes: see `sizeExponent`.
 *
 * @returns undefined if nothing was measured on this kind of processor.
 */
export function expectedRate(
  entry: Pick<ModelEntry, 'file' | 'bytes'>,
  rates: readonly MeasuredRate[],
  processor: string = processorKind(),
): ExpectedRate | undefined {
  const known = rates.filter((rate) => rate.what === 'generation' && rate.processor === processor);
  const own = known.filter(({ file }) => file === entry.file);
  // Several where it ran on other devices or threads: the machine's best is what the engine aims at.
  if (own.length > 0) {
    const tokensPerSecond = Math.max(...own.map((rate) => rate.tokensPerSecond));
    const date = own
      .map((rate) => rate.date)
      .toSorted()
      .at(-1)!;
    return { tokensPerSecond, estimatedFrom: undefined, date };
  }
  const apart = ({ bytes }: MeasuredRate): number => Math.abs(Math.log(bytes / entry.bytes));
  const [nearest] = known.toSorted(
    (a, b) => apart(a) - apart(b) || b.tokensPerSecond - a.tokensPerSecond,
  );
  if (!nearest) return undefined;
  const tokensPerSecond = nearest.tokensPerSecond * (nearest.bytes / entry.bytes) ** sizeExponent;
  return { tokensPerSecond, estimatedFrom: nearest.file, date: nearest.date };
}
