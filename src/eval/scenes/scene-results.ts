import type { Values } from '../../measure/row.ts';
import { holm } from '../../measure/statistics/holm.ts';
import { type StudentMean, studentMean, studentP } from '../../measure/statistics/student-mean.ts';
import { type Band, type Standing, turnProfile } from '../turn-bands.ts';
import type { SceneArm } from './scene-arms.ts';
import { sceneMeasures } from './scene-figures.ts';
import type { SceneScript } from './scene-script.ts';

/** The measured scenes of a benchmark of two or of four. Plain data, as it stands in the file. */
export interface SceneResults {
  readonly format: 'dramatis-scenes';
  readonly formatVersion: 1;
  readonly model: { readonly name: string; readonly sha256: string };
  readonly versions: { readonly dramatis: string; readonly commit: string };
  readonly machine: Readonly<Record<string, string | number>>;
  readonly seeds: number;
  readonly turns: number;
  readonly tasks: readonly SceneTaskResults[];
}

export interface SceneTaskResults {
  readonly task: 'duet' | 'quartet';
  /** Ids of the situations, with the part of the play that each is in. */
  readonly situations: Readonly<Record<string, string>>;
  /** The plays' own turns from the same places on: as printed, shuffled, and in each other's mouths. */
  readonly originals: readonly ArmResults[];
  readonly arms: readonly ArmResults[];
  /** Each arm but the first, less the first. */
  readonly differences: readonly ArmDifference[];
  readonly anchors: readonly AnchorResult[];
}

export interface ArmResults {
  readonly arm: string;
  readonly scenes: number;
  /** How scenes ended, with how many did. */
  readonly ends: Readonly<Record<string, number>>;
  readonly figures: readonly ArmFigure[];
  /** By situation, its seeds' figures averaged. */
  readonly bySituation: Readonly<Record<string, Values>>;
  /** Who spoke when, scene by scene; files of older programs have none. */
  readonly scripts?: readonly SceneScript[];
}

/** A measure of an arm: the mean over situations, with Student's interval. */
export interface ArmFigure extends StudentMean {
  readonly measure: string;
  readonly unit: string;
  /** Where eight in ten conversations of the plays lie; null for what they do not have. */
  readonly band: readonly [low: number, high: number] | null;
  readonly standing: Standing | null;
  /** Share of the scenes that lie inside the band; the plays' own have .8. */
  readonly inside: number | null;
}

export interface ArmDifference {
  readonly arm: string;
  readonly against: string;
  readonly measures: readonly (StudentMean & {
    readonly measure: string;
    readonly p: number;
    /** After Holm over the measures. */
    readonly pHolm: number;
  })[];
}

/** Two figures that must come out in an order, or the measure says nothing. */
export interface AnchorResult {
  readonly measure: string;
  readonly higher: string;
  readonly lower: string;
  readonly difference: StudentMean;
  readonly holds: boolean;
}

/** What came of one scene. */
export interface MeasuredScene {
  /** Id of its situation. */
  readonly situation: string;
  readonly figures: Values;
  readonly end: string;
  readonly script?: SceneScript | undefined;
}

/** The scenes of one arm, or of the plays themselves. */
export interface MeasuredArm {
  readonly arm: Pick<SceneArm, 'name'>;
  readonly scenes: readonly MeasuredScene[];
}

type Bands = Readonly<Record<string, Band>>;

/** The figures of an arm: the seeds of a situation are averaged first, as situations are what is independent. */
export function armResults({ arm, scenes }: MeasuredArm, bands: Bands): ArmResults {
  const ends: Record<string, number> = {};
  for (const { end } of scenes) ends[end] = (ends[end] ?? 0) + 1;
  const bySituation = situationMeans(scenes);
  const profiles = scenes.map(({ figures }) => turnProfile(figures, bands));
  const figures = Object.entries(sceneMeasures).flatMap(([measure, unit]): ArmFigure[] => {
    const mean = within(unit, studentMean(valuesOf(bySituation, measure)));
    if (mean.n === 0) return [];
    const band = bands[measure];
    const standings = profiles.flatMap((profile) => profile[measure] ?? []);
    const isInside = (standing: Standing): boolean => standing === 'inside';
    return [
      {
        ...{ measure, unit, ...mean },
        band: band ? [band.low, band.high] : null,
        standing: turnProfile({ [measure]: mean.value }, bands)[measure] ?? null,
        inside:
          standings.length === 0 ? null : standings.filter(isInside).length / standings.length,
      },
    ];
  });
  const scripts = scenes.flatMap(({ script }) => script ?? []);
  return {
    arm: arm.name,
    scenes: scenes.length,
    ends,
    figures,
    bySituation: Object.fromEntries(bySituation),
    ...(scripts.length > 0 && { scripts }),
  };
}

/** An interval whose ends no share can pass. */
function within(unit: string, mean: StudentMean): StudentMean {
  if (unit !== 'share') return mean;
  return { ...mean, low: Math.max(0, mean.low), high: Math.min(1, mean.high) };
}

/** By situation: the mean of its scenes' figures that are known. */
function situationMeans(scenes: readonly MeasuredScene[]): ReadonlyMap<string, Values> {
  const grouped = new Map<string, Values[]>();
  for (const { situation, figures } of scenes)
    grouped.set(situation, [...(grouped.get(situation) ?? []), figures]);
  return new Map(Array.from(grouped, ([situation, list]) => [situation, meanValues(list)]));
}

function meanValues(list: readonly Values[]): Values {
  const names = [...new Set(list.flatMap((values) => Object.keys(values)))];
  return Object.fromEntries(
    names.map((name) => {
      const known = list.flatMap((values) => values[name] ?? []);
      return [name, known.reduce((sum, value) => sum + value, 0) / known.length];
    }),
  );
}

const valuesOf = (situations: ReadonlyMap<string, Values>, measure: string): number[] =>
  [...situations.values()].flatMap((values) => values[measure] ?? []);

/** An arm less another on the situations that both have, measure by measure. */
export function armDifference(arm: ArmResults, against: ArmResults): ArmDifference {
  const measures = arm.figures.flatMap(({ measure }) => {
    const pairs = pairedDifferences(arm, against, measure);
    if (pairs.length === 0) return [];
    return [{ measure, ...studentMean(pairs), p: studentP(pairs) }];
  });
  const adjusted = holm(measures.map(({ p }) => p));
  return {
    arm: arm.arm,
    against: against.arm,
    measures: measures.map((one, i) => ({ ...one, pHolm: adjusted[i]! })),
  };
}

function pairedDifferences(arm: ArmResults, against: ArmResults, measure: string): number[] {
  return Object.entries(arm.bySituation).flatMap(([situation, values]) => {
    const [own, other] = [values[measure], against.bySituation[situation]?.[measure]];
    return own === undefined || other === undefined ? [] : [own - other];
  });
}

/** Whether a figure of one is above that of another, on the situations that both have. */
export function anchorResult(
  measure: string,
  higher: ArmResults,
  lower: ArmResults,
): AnchorResult | undefined {
  const pairs = pairedDifferences(higher, lower, measure);
  if (pairs.length === 0) return undefined;
  const difference = studentMean(pairs);
  const { value } = difference;
  return { measure, higher: higher.arm, lower: lower.arm, difference, holds: value > 0 };
}
