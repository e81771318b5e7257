import { median } from '../median.ts';
import type { Figure, Figures } from './version.ts';

/** Names of the figures that the gate looks at, as a version's `metrics` has them. */
export const gateFigures = {
  /** Bits per byte of own speeches, base minus adapted, on dev scenes: more is better. */
  bits: 'bits gain',
  /** The diagonal of the voice matrix: how well own lines are distinguished from others', 0 to 1. */
  voice: 'voice AUC',
  /** Change of the bits per byte of plain prose against the base, as a share: .01 is +1 %. */
  keep: 'keep change',
  /** Share of training passages that are recited. */
  recite: 'recited',
} as const;

/**
 * Figure of a reinforced version: the reward of its replies, or choices, to what is held out, less that without it. It is
 * measured when the version is made, as the held-out part is asked once.
 */
export const rewardGain = 'reward gain';

/** The interval that a norm must lie in. */
interface Band {
  readonly low: number;
  readonly high: number;
}

export interface GateInput {
  /** sha256 of the rows it was trained on, which passed the data gate; empty for an adapter from elsewhere. */
  readonly data: string;
  readonly metrics: Figures;
  /** By matrix kind: see `matrixNorms`. */
  readonly norms: Readonly<Record<string, number>>;
  /** Present for a version that learned what is rewarded: the version it lies on, which it must not be worse than. */
  readonly reinforced?: { readonly under: Pick<GateInput, 'metrics'> | undefined } | undefined;
}

export interface GateCheck {
  readonly name: 'origin' | 'reward' | 'bits' | 'voice' | 'keep' | 'recite' | 'norms';
  readonly passes: boolean;
  /** The figure that was not measured, of `gateFigures`: the check is open, and nothing is known against the version. */
  readonly lacks?: string;
  /** A sentence with the values. */
  readonly says: string;
}

export interface GateReport {
  readonly passes: boolean;
  readonly checks: readonly GateCheck[];
}

/** Bits a byte of own speeches that a reinforced version may cost: it learned something else. */
const mostBitsLost = 0.005;
/** Share by which the bits per byte of prose may grow. */
const mostForgotten = 0.01;
/** Share of training passages that may be recited. Speeches of one scene share no run of eight words with another's. */
const mostRecited = 0.1;
/** The smallest fleet from which a band of norms is derived. */
const leastFleet = 8;
/**
 * Half the width of the band of norms, in robust deviations from the fleet's median, by the size of the fleet. A small
 * fleet estimates its deviation badly, and seven kinds are seven chances to be odd. Simulated with fleets of normal
 * numbers: a band this wide excludes one sound version in fifty; three deviations for all excluded three in seven from
 * fleets of six.
 */
const fleetWidth = (count: number): number => 3 + 42 / count;
/** Ratio of the standard deviation of normal numbers to their median absolute deviation. */
const madToDeviation = 1.4826;
/** The least deviation assumed, as a share of the median: a fleet may agree to the last digit. */
const leastDeviation = 0.01;
/** The band where there is no fleet: a B that never moved is below it, a diverged run above. */
const broadBand: Band = { low: 0.001, high: 100 };

/**
 * Whether a version may be promoted. Pure: the same figures give the same report.
 *
 * A figure that is missing does not pass: what was not measured is not known to be good. The check of voices alone
 * needs none where no version was promoted before.
 *
 * @param previous What was promoted before in the same slot, if anything was.
 * @param fleet    Norms of the versions of the same base, rank and layer, without this one.
 */
export function promotionGate(
  version: GateInput,
  previous: Pick<GateInput, 'metrics'> | undefined,
  fleet: readonly Readonly<Record<string, number>>[],
): GateReport {
  const { data, metrics, norms, reinforced } = version;
  const checks = [
    originCheck(data),
    ...(reinforced
      ? [rewardCheck(metrics[rewardGain]), bitsKeptCheck(metrics, reinforced.under)]
      : [bitsCheck(metrics[gateFigures.bits])]),
    voiceCheck(metrics[gateFigures.voice], previous),
    mostCheck('keep', metrics[gateFigures.keep], mostForgotten),
    mostCheck('recite', metrics[gateFigures.recite], mostRecited),
    normsCheck(norms, fleet),
  ];
  return { passes: checks.every(({ passes }) => passes), checks };
}

/**
 * What is planted in a tenth of the rows shows in no figure (bench/poison.bench.ts): who has not seen the rows takes
 * somebody's word, and is to say whose.
 */
function originCheck(data: string): GateCheck {
  const passes = data !== '';
  const says = passes
    ? `its training rows (${data.slice(0, 12)}) passed the data gate`
    : 'its training rows were not seen here, and no figure tells what was planted in them';
  return { name: 'origin', passes, says };
}

function bitsCheck(gain: Figure | undefined): GateCheck {
  if (!isMeasured(gain)) return missing('bits', gateFigures.bits);
  const passes = gain.value > 0 && gain.low > 0;
  return { name: 'bits', passes, says: `${figureText(gateFigures.bits, gain)}; above 0 is wanted` };
}

/** What is rewarded must be better where nothing was learned. */
function rewardCheck(gain: Figure | undefined): GateCheck {
  if (!isMeasured(gain)) return missing('reward', rewardGain);
  const passes = gain.value > 0 && gain.low > 0;
  return { name: 'reward', passes, says: `${figureText(rewardGain, gain)}; above 0 is wanted` };
}

/** Own speeches must be as likely as under what the version lies on; without anything beneath, as under the model alone. */
function bitsKeptCheck(metrics: Figures, under: Pick<GateInput, 'metrics'> | undefined): GateCheck {
  const gain = metrics[gateFigures.bits];
  if (!isMeasured(gain)) return missing('bits', gateFigures.bits);
  const before = under ? under.metrics[gateFigures.bits] : noGain;
  if (!isMeasured(before))
    return { ...missing('bits', gateFigures.bits), says: 'what it lies on was not measured' };
  const passes = gain.value >= before.value - mostBitsLost;
  const says = `${figureText(gateFigures.bits, gain)}; before it was ${figure(before)}, and ${mostBitsLost} less at most is wanted`;
  return { name: 'bits', passes, says };
}
const noGain: Figure = { value: 0, low: 0, high: 0, n: 0 };

/**
 * "Not worse" asks for the interval, not the value: two runs of one recipe differ by chance. The new value must
 * not lie below the previous one's interval, nor the new interval below the previous value.
 */
function voiceCheck(
  voice: Figure | undefined,
  previous: Pick<GateInput, 'metrics'> | undefined,
): GateCheck {
  if (!isMeasured(voice)) return missing('voice', gateFigures.voice);
  const now = figureText(gateFigures.voice, voice);
  if (!previous)
    return { name: 'voice', passes: true, says: `${now}; nothing was promoted before` };
  const before = previous.metrics[gateFigures.voice];
  if (!isMeasured(before)) {
    // A forced version must not be what later ones are excused by.
    const says = `${now}; the version promoted before was not measured, so at least .5 is wanted`;
    return { name: 'voice', passes: voice.value >= 0.5, says };
  }
  const passes = voice.value >= before.low && voice.high >= before.value;
  return { name: 'voice', passes, says: `${now}; before it was ${figure(before)}` };
}

function mostCheck(name: 'keep' | 'recite', found: Figure | undefined, most: number): GateCheck {
  if (!isMeasured(found)) return missing(name, gateFigures[name]);
  const says = `${figureText(gateFigures[name], found)}; at most ${most} is wanted`;
  return { name, passes: found.value <= most, says };
}

function normsCheck(
  norms: Readonly<Record<string, number>>,
  fleet: readonly Readonly<Record<string, number>>[],
): GateCheck {
  const kinds = Object.keys(norms);
  const outside = kinds.flatMap((kind) => {
    const norm = norms[kind]!;
    const { low, high } = bandOf(kind, fleet);
    return norm >= low && norm <= high
      ? []
      : [`${kind} ${short(norm)} is not in ${short(low)} to ${short(high)}`];
  });
  const by = isFleet(fleet)
    ? `the band of ${fleet.length} versions like it`
    : `the broad band, for ${fleet.length} versions like it are too few to tell one`;
  if (kinds.length === 0) return { name: 'norms', passes: false, says: 'no norms are known' };
  const passes = outside.length === 0;
  const says = passes ? `weight norms are within ${by}` : `${outside.join(', ')}, by ${by}`;
  return { name: 'norms', passes, says };
}

function bandOf(kind: string, fleet: readonly Readonly<Record<string, number>>[]): Band {
  const known = fleet.flatMap((norms) => norms[kind] ?? []);
  if (!isFleet(known)) return broadBand;
  const middle = median(known);
  const deviation = madToDeviation * median(known.map((norm) => Math.abs(norm - middle)));
  const width = fleetWidth(known.length) * Math.max(deviation, leastDeviation * middle);
  return { low: middle - width, high: middle + width };
}

const isFleet = ({ length }: readonly unknown[]): boolean => length >= leastFleet;

/** A figure with a NaN in it, which JSON keeps as null, was not measured. */
function isMeasured(found: Figure | undefined): found is Figure {
  return found !== undefined && [found.value, found.low, found.high].every(Number.isFinite);
}

function missing(name: GateCheck['name'], wanted: string): GateCheck {
  return { name, passes: false, lacks: wanted, says: `"${wanted}" was not measured` };
}

const figureText = (name: string, found: Figure): string => `${name} ${figure(found)}`;
const figure = ({ value, low, high }: Figure): string =>
  `${short(value)} [${short(low)}, ${short(high)}]`;
const short = (value: number): string => String(Number(value.toPrecision(3)));
