import type { MeasuredRate } from '../store/settings.ts';
import { defaultModel, findEntry, type ModelEntry, models } from './catalogue.ts';
import { type ExpectedRate, expectedRate } from './expected-rate.ts';
import { memoryNeededBy } from './model-memory.ts';

/** The name that leaves the choice of the model to Dramatis. */
export const chosenByMachine = 'auto';
/** Tokens a second from which on a conversation does not wait for its model: about as fast as one reads aloud twice over. */
export const leastTokensPerSecond = 8;
/** Share of `leastTokensPerSecond` that an estimate must reach for a trial of what is here, which costs a second or two. */
const trialShare = 0.5;
/** For so long a model that was measured to be slow is not tried again: the machine may have been busy. */
const slowForMs = 7 * 24 * 3_600_000;

/** What a choice is made by. */
export interface Circumstances {
  /** Ids of the catalogue's models that are here. */
  readonly here: ReadonlySet<string>;
  /** Memory that this process may have, in bytes. */
  readonly memoryBytes: number;
  readonly rates: readonly MeasuredRate[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A model of the catalogue on this machine. */
export interface RatedModel {
  readonly entry: ModelEntry;
  readonly isHere: boolean;
  /** Whether its file and a conversation fit into memory. */
  readonly fits: boolean;
  /** undefined if nothing was measured on this kind of processor. */
  readonly rate: ExpectedRate | undefined;
}

/** The model that is used where nobody named one, and why. */
export interface ModelChoice {
  readonly entry: ModelEntry;
  readonly reason: /** No model is here: this one is small enough to be fetched by whoever just wants to begin. */
    | 'none-here'
    /** The best of those here that is fast enough. */
    | 'best-here'
    /** Those that are here are all slower than is wanted. */
    | 'least-slow';
  readonly rate: ExpectedRate | undefined;
  /** Whether whoever opens it should measure it: its speed is not known here, or it was slow and that is long ago. */
  readonly isOnTrial: boolean;
  /** A better one that is not here, fits into memory and may be fast enough. */
  readonly better: RatedModel | undefined;
}

/** The catalogue's models on this machine, in its order; those for embedding have no rate. */
export function rateModels({ here, memoryBytes, rates }: Omit<Circumstances, 'now'>): RatedModel[] {
  return models().map((entry) => ({
    entry,
    isHere: here.has(entry.id),
    fits: memoryNeededBy(entry.bytes) <= memoryBytes,
    rate: entry.kind === 'embedding' ? undefined : expectedRate(entry, rates),
  }));
}

/**
 * Chooses the model for whoever names none: of those that are here and fit into memory, the best that generates at least
 * `leastTokensPerSecond`. An instruct model is better than a base one, and a larger better than a smaller.
 *
 * One that was never measured is given a trial, unless it is estimated to be slower by far.
 */
export function chooseModel(circumstances: Circumstances): ModelChoice {
  const speaking = rateModels(circumstances)
    .filter(({ entry, fits }) => entry.kind !== 'embedding' && fits)
    .sort((a, b) => worth(b.entry) - worth(a.entry));
  const here = speaking.filter(({ isHere }) => isHere);
  const { now } = circumstances;
  const best = here.find((one) => isFastEnough(one, now));
  const chosen = best ?? leastSlow(here);
  const entry = chosen?.entry ?? findEntry(models(), defaultModel)!;
  const better = speaking.find(
    (one) => !one.isHere && worth(one.entry) > worth(entry) && isWorthFetching(one),
  );
  const reason = best ? 'best-here' : chosen ? 'least-slow' : 'none-here';
  const rate = chosen?.rate;
  const isOnTrial = rate === undefined || isUncertain(rate, now);
  return { entry, reason, rate, isOnTrial, better };
}

/** The models that speak and fit into so many bytes of memory, the best first. */
export function modelsWithin(memoryBytes: number): ModelEntry[] {
  return models()
    .filter(({ kind, bytes }) => kind !== 'embedding' && memoryNeededBy(bytes) <= memoryBytes)
    .sort((a, b) => worth(b) - worth(a));
}

/** Any instruct model before any base one, then by size. */
const worth = ({ kind, parameters }: ModelEntry): number =>
  (kind === 'chat' ? 1e9 : 0) + parameters;

function isFastEnough({ rate }: RatedModel, now: number): boolean {
  if (rate === undefined) return true;
  return rate.tokensPerSecond >= leastTokensPerSecond * (isUncertain(rate, now) ? trialShare : 1);
}

/** Whether a rate is estimated, or tells of a slow model, and long ago. */
function isUncertain({ tokensPerSecond, estimatedFrom, date }: ExpectedRate, now: number): boolean {
  if (estimatedFrom !== undefined) return true;
  return tokensPerSecond < leastTokensPerSecond && now - Date.parse(date) > slowForMs;
}

/** Whoever is told to fetch gigabytes is told so by measurements: of its answers, and of a model's speed here. */
const isWorthFetching = ({ entry, rate }: RatedModel): boolean =>
  entry.isAdvised === true && rate !== undefined && rate.tokensPerSecond >= leastTokensPerSecond;

function leastSlow(here: readonly RatedModel[]): RatedModel | undefined {
  const speed = ({ rate }: RatedModel): number => rate?.tokensPerSecond ?? 0;
  return [...here].sort((a, b) => speed(b) - speed(a))[0];
}
