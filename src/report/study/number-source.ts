import type { SaidWhat, SpeakerPair } from './script-numbers.ts';

/** A metric of a task for one row of one evaluation, named by its label. */
export interface ScoreSource {
  readonly kind: 'score';
  readonly run: string;
  readonly task: string;
  readonly metric: string;
  readonly row: string;
}

/** A score less another on the items that both have. */
export interface DifferenceSource {
  readonly kind: 'difference';
  readonly of: ScoreSource;
  readonly less: ScoreSource;
}

/** What a measure of scenes is over the situations, for an arm, or for the plays' own turns ("original"). */
export interface SceneSource {
  readonly kind: 'scene';
  readonly run: string;
  readonly task: string;
  readonly arm: string;
  readonly measure: string;
}

/** The median of what was timed; its interval is from the least sample to the greatest. */
export interface SpeedSource {
  readonly kind: 'speed';
  readonly run: string;
  readonly bench: string;
  readonly what: string;
  readonly at: Readonly<Record<string, number>>;
}

/** The mean over characters, its interval over their scenes; of one alone, what it is itself. */
export interface MeanSource {
  readonly kind: 'mean';
  readonly of: readonly (ScoreSource | DifferenceSource)[];
}

/** How many of some differences have an interval that lies above (1) or below (-1) zero. */
export interface CountSource {
  readonly kind: 'count';
  readonly of: readonly NumberSource[];
  readonly side: 1 | -1;
}

/** How many differences of a family have a p under 0.05 after Holm's correction. */
interface HolmSource {
  readonly kind: 'holm';
  readonly family: readonly DifferenceSource[];
}

/** The least difference between two models that a task could show with so many scenes as long as those of a score. */
export interface DetectableSource {
  readonly kind: 'detectable';
  readonly of: ScoreSource;
  readonly scenes: number;
}

/** An arm of scenes of a task, or the plays' own turns. */
export interface ArmName {
  readonly run: string;
  readonly task: string;
  readonly arm: string;
}

/** How far who speaks after whom in an arm differs from another at the same situations. */
export interface OrderSource extends ArmName {
  readonly kind: 'order';
  readonly against: string;
}

/** How often one speaks right after another in the scenes of a situation. */
export interface PairSource extends ArmName, SpeakerPair {
  readonly kind: 'pair';
  readonly situation: string;
}

/** What one has of the turns, the words, or the recalled passages of one scene. */
export interface SaidSource extends ArmName {
  readonly kind: 'said';
  readonly situation: string;
  readonly which: string;
  readonly who: string;
  readonly what: SaidWhat;
}

/**
 * The mean of a curve of a training over some of its steps, its interval from the least to the greatest of them: of what is
 * learned, or of what is held out.
 */
export interface CurveSource {
  readonly kind: 'curve';
  readonly run: string;
  readonly of: 'learned' | 'held out';
  /** The first step that counts, and the last. */
  readonly from: number;
  readonly to: number;
}

/** What is worked out from who spoke when. */
export type ScriptSource = OrderSource | PairSource | SaidSource;

/** Where a number of the report comes from: plain data, by which it is worked out again from the study's rows. */
export type NumberSource =
  | ScoreSource
  | DifferenceSource
  | SceneSource
  | SpeedSource
  | MeanSource
  | CountSource
  | HolmSource
  | DetectableSource
  | ScriptSource
  | CurveSource;

/** A number with its interval; NaN where it is not known. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Items, situations, samples, or what is counted. */
  readonly n: number;
}

/** 1 where the whole interval lies above zero, -1 below it, 0 where it has zero in it or there is none. */
export function sideOf({ value, low, high }: Figure): -1 | 0 | 1 {
  // An interval of no width is of one scene or one value, and says nothing.
  if (low === high || !(low > 0 || high < 0)) return 0;
  return value > 0 ? 1 : -1;
}
