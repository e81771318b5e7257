import { sceneMeasures } from '../../eval/scenes/scene-figures.ts';
import type { ArmResults } from '../../eval/scenes/scene-results.ts';
import type { SceneScript } from '../../eval/scenes/scene-script.ts';
import { spreadOf } from '../../eval/task-spread.ts';
import { allTasks } from '../../eval/tasks/all.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Row } from '../../measure/row.ts';
import { difference } from '../../measure/statistics/difference.ts';
import { estimate } from '../../measure/statistics/estimate.ts';
import { holm } from '../../measure/statistics/holm.ts';
import { meanOfFigures } from '../../measure/statistics/mean-of-figures.ts';
import { powerOf } from '../../measure/statistics/power.ts';
import { studentMean } from '../../measure/statistics/student-mean.ts';
import { median } from '../../median.ts';
import type { CurvePoint } from '../../workspace/runs/learning-curve.ts';
import { isFromFew } from '../bench/number.ts';
import {
  type ArmName,
  type CurveSource,
  type DifferenceSource,
  type Figure,
  type NumberSource,
  type SceneSource,
  type ScoreSource,
  type ScriptSource,
  type SpeedSource,
  sideOf,
} from './number-source.ts';
import { followed, orderDistance, saidOf } from './script-numbers.ts';
import type {
  Evaluation,
  PlayedScenes,
  StudyData,
  StudyFileRef,
  TimedModel,
  Training,
} from './study-data.ts';

/** The rows that a number depends on, such as "results/…/results.json.rows.jsonl" and "know/subject". */
export interface Dependence extends StudyFileRef {
  readonly rows: string;
}

/** Works numbers out from the rows of a study, each once. */
export class Computing {
  readonly #known = new Map<string, Figure>();
  /** Differences with their p, by source: a family that is corrected asks for each as often as it has members. */
  readonly #differences = new Map<string, ReturnType<typeof difference>>();

  readonly #evaluations: ReadonlyMap<string, Evaluation>;
  readonly #scenes: ReadonlyMap<string, PlayedScenes>;
  readonly #speeds: ReadonlyMap<string, TimedModel>;
  readonly #trainings: ReadonlyMap<string, Training>;

  constructor({ evaluations, scenes, speeds, trainings }: StudyData) {
    this.#evaluations = byLabel(evaluations);
    this.#scenes = byLabel(scenes);
    this.#speeds = byLabel(speeds);
    this.#trainings = byLabel(trainings);
  }

  /** @throws {RangeError} If the source names something that the study does not have. */
  of(source: NumberSource): Figure {
    const key = JSON.stringify(source);
    const figure = this.#known.get(key) ?? this.#compute(source);
    this.#known.set(key, figure);
    return figure;
  }

  /** Whether the study has the rows that a number is worked out from. */
  has(source: NumberSource): boolean {
    return scoresOf(source).every((one) => {
      if (one.kind === 'score') return this.#maybeRows(one) !== undefined;
      if (one.kind === 'scene') return this.#maybeArm(one) !== undefined;
      if (one.kind === 'curve') return this.#pointsOf(one).length > 0;
      if (isOfScripts(one)) return this.#scriptsOf(one).every(({ length }) => length > 0);
      return this.#maybeSamples(one) !== undefined;
    });
  }

  dependences(source: NumberSource): Dependence[] {
    const found = scoresOf(source).flatMap((one): Dependence[] => {
      if (one.kind === 'score')
        return [{ ...this.#evaluations.get(one.run)!.file, rows: `${one.task}/${one.row}` }];
      if (one.kind === 'speed')
        return [{ ...this.#speeds.get(one.run)!.file, rows: `${one.bench}/${one.what}` }];
      if (one.kind === 'curve')
        return [{ ...this.#trainings.get(one.run)!.curve!.file, rows: one.of }];
      const { file } = this.#scenes.get(one.run)!;
      if (one.kind === 'scene') return [{ ...file, rows: `${one.task}/${one.arm}` }];
      return armsOf(one).map((arm) => ({ ...file, rows: `${one.task}/${arm}/scripts` }));
    });
    const keys = found.map(({ path, rows }) => `${path}#${rows}`);
    return found.filter((_, i) => keys.indexOf(keys[i]!) === i);
  }

  #compute(source: NumberSource): Figure {
    switch (source.kind) {
      case 'score':
        return figureOf(estimate(metricOf(source), this.#rows(source)));
      case 'difference':
        return figureOf(this.#difference(source));
      case 'scene':
        return asShare(source.measure, studentMean(situations(this.#arm(source), source.measure)));
      case 'speed': {
        const samples = this.#samples(source);
        const [low, high] = [Math.min(...samples), Math.max(...samples)];
        return { value: median(samples), low, high, n: samples.length };
      }
      case 'mean': {
        if (source.of.length === 1) return this.of(source.of[0]!);
        const figures = source.of.map((one) => this.of(one));
        return { ...meanOfFigures(figures), n: figures.reduce((sum, { n }) => sum + n, 0) };
      }
      case 'count': {
        const found = source.of.filter((one) => sideOf(this.of(one)) === source.side);
        return { ...whole(found.length), n: source.of.length };
      }
      case 'detectable': {
        const { of, scenes } = source;
        const least = detectable(of.task, this.#rows(of), scenes);
        return { ...whole(least), n: scenes };
      }
      case 'holm': {
        const few = this.corrected(source.family).filter((p) => p < 0.05);
        return { ...whole(few.length), n: source.family.length };
      }
      case 'curve':
        return this.#curve(source);
      case 'order': {
        const [own, printed] = this.#scriptsOf(source);
        return orderDistance(own!, printed!);
      }
      case 'pair': {
        const { value, n } = followed(this.#scriptsOf(source)[0]!, source);
        return { ...whole(value), n };
      }
      case 'said': {
        const [script] = this.#scriptsOf(source)[0]!;
        const { value, n } = saidOf(script!, source.who, source.what);
        return { ...whole(value), n };
      }
    }
  }

  /** The p of every difference of a family after Holm's correction. */
  corrected(family: readonly DifferenceSource[]): number[] {
    return holm(family.map((one) => this.#difference(one).p));
  }

  #difference({ of, less }: DifferenceSource): ReturnType<typeof difference> {
    const key = JSON.stringify([of, less]);
    const known = this.#differences.get(key);
    const found = known ?? difference(metricOf(of), this.#rows(of), this.#rows(less));
    this.#differences.set(key, found);
    return found;
  }

  #rows(source: ScoreSource): readonly Row[] {
    return this.#maybeRows(source) ?? absent(source);
  }

  #maybeRows({ run, task, row }: ScoreSource): readonly Row[] | undefined {
    return this.#evaluations.get(run)?.rows.get(task)?.get(row);
  }

  #arm(source: SceneSource): ArmResults {
    return this.#maybeArm(source) ?? absent(source);
  }

  #curve(source: CurveSource): Figure {
    const values = this.#pointsOf(source).map(({ value }) => value);
    const sum = values.reduce((all, value) => all + value, 0);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const { asked } = this.#trainings.get(source.run)!.curve!.found;
    const n = source.of === 'learned' ? values.length : asked;
    return { value: sum / values.length, low, high, n };
  }

  #pointsOf({ run, of, from, to }: CurveSource): readonly CurvePoint[] {
    const found = this.#trainings.get(run)?.curve?.found;
    const points = of === 'learned' ? found?.learned : found?.heldOut;
    return points?.filter(({ step }) => step >= from && step <= to) ?? [];
  }

  /** The scripts that a number is worked out from, a list for each arm of it; empty where there are none. */
  #scriptsOf(source: ScriptSource): (readonly SceneScript[])[] {
    const isOf = (script: SceneScript): boolean =>
      (source.kind === 'order' || script.situation === source.situation) &&
      (source.kind !== 'said' || script.which === source.which);
    return armsOf(source).map(
      (arm) => this.#maybeArm({ ...source, arm })?.scripts?.filter(isOf) ?? [],
    );
  }

  #maybeArm({ run, task, arm }: ArmName): ArmResults | undefined {
    const found = this.#scenes.get(run)?.results.tasks.find((one) => one.task === task);
    return [...(found?.arms ?? []), ...(found?.originals ?? [])].find((one) => one.arm === arm);
  }

  #samples(source: SpeedSource): readonly number[] {
    return this.#maybeSamples(source) ?? absent(source);
  }

  #maybeSamples({ run, bench, what, at }: SpeedSource): readonly number[] | undefined {
    return this.#speeds
      .get(run)
      ?.speed.rows.find(
        (row) =>
          row.bench === bench && row.what === what && JSON.stringify(row.at) === JSON.stringify(at),
      )?.samples;
  }
}

const byLabel = <T extends { readonly task: { readonly label: string } }>(
  runs: readonly T[],
): ReadonlyMap<string, T> => new Map(runs.map((run) => [run.task.label, run]));

const isOfScripts = (source: NumberSource): source is ScriptSource =>
  source.kind === 'order' || source.kind === 'pair' || source.kind === 'said';

/** The arms whose scripts a number is worked out from. */
const armsOf = (source: ScriptSource): string[] =>
  source.kind === 'order' ? [source.arm, source.against] : [source.arm];

/** The rows, arms, scripts and samples at the bottom of a number. */
function scoresOf(
  source: NumberSource,
): (ScoreSource | SceneSource | SpeedSource | ScriptSource | CurveSource)[] {
  switch (source.kind) {
    case 'score':
    case 'scene':
    case 'speed':
    case 'order':
    case 'pair':
    case 'said':
    case 'curve':
      return [source];
    case 'difference':
      return [source.of, source.less];
    case 'mean':
    case 'count':
      return source.of.flatMap(scoresOf);
    case 'holm':
      return source.family.flatMap(scoresOf);
    case 'detectable':
      return [source.of];
  }
}

/** The metric of a source. @throws {RangeError} If this program has none of its name. */
function metricOf({ task, metric }: Pick<ScoreSource, 'task' | 'metric'>): Metric {
  const found = allTasks
    .find(({ name }) => name === task)
    ?.metrics.find(({ name }) => name === metric);
  if (!found) throw new RangeError(`there is no metric "${metric}" of "${task}"`);
  return found;
}

/** How alike two models answer an item: what `dramatis eval power` assumes. */
const alike = 0.9;

function detectable(task: string, rows: readonly Row[], scenes: number): number {
  const perScene = rows.length / new Set(rows.map(({ item }) => item.scene)).size;
  return powerOf([new Array<number>(scenes).fill(perScene)], spreadOf(task), alike).fromModel;
}

/** With too few scenes an interval says how little is known of the scenes, and nothing of the figure. */
function figureOf({ value, low, high, n, clusters }: Figure & { clusters: number }): Figure {
  const known = isFromFew(clusters) ? { low: Number.NaN, high: Number.NaN } : { low, high };
  return { value, ...known, n };
}

/** Student's interval does not know that a share ends at 0 and at 1. */
function asShare(measure: string, { value, low, high, n }: Figure): Figure {
  const unit = (sceneMeasures as Readonly<Record<string, string>>)[measure];
  if (unit !== 'share') return { value, low, high, n };
  return { value, low: Math.max(0, low), high: Math.min(1, high), n };
}
const whole = (value: number) => ({ value, low: value, high: value });

/** JSON has null for what was not known. */
const situations = ({ bySituation }: ArmResults, measure: string): number[] =>
  Object.values(bySituation).flatMap(
    (values) => (values[measure] as number | null | undefined) ?? [],
  );

function absent(source: NumberSource): never {
  throw new RangeError(`the study does not have ${JSON.stringify(source)}`);
}
