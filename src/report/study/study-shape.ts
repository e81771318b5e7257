import { allTasks } from '../../eval/tasks/all.ts';
import type { Metric } from '../../measure/metric.ts';
import { displayName } from '../../play/cast/display-name.ts';
import { letters } from '../bench/run.ts';
import { taskTexts } from './measure-texts.ts';
import type { DifferenceSource, MeanSource, ScoreSource } from './number-source.ts';
import type { Evaluation, StudyData } from './study-data.ts';

/** A model with a recipe: what the figures set side by side. */
export interface Series {
  /** "A", "B", …: in the order of size, then of the study's recipes. */
  readonly letter: string;
  readonly model: string;
  readonly recipe: string;
  /** "smollm2-135m (prompted)". */
  readonly label: string;
  readonly isTrained: boolean;
  readonly evaluations: readonly Evaluation[];
}

interface StudyModel {
  readonly name: string;
  readonly parameters: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** A task that the study asked, with the figure that counts first. */
export interface AskedTask {
  readonly name: string;
  readonly metric: Metric;
}

/** What a study is made of, in the order in which the report goes through it. */
export interface StudyShape {
  /** From small to large. */
  readonly models: readonly StudyModel[];
  readonly series: readonly Series[];
  readonly tasks: readonly AskedTask[];
  readonly characters: readonly string[];
  /** Evaluations with something left out, or with levers other than the study's first: what is compared with the series. */
  readonly variants: readonly Evaluation[];
}

export function shapeOf({ evaluations: all }: Pick<StudyData, 'evaluations'>): StudyShape {
  const usual = all.find(({ task: { point } }) => point.without === undefined)?.task.point.levers;
  const isVariant = ({ task: { point } }: Evaluation): boolean =>
    point.without !== undefined || point.levers !== usual;
  const evaluations = all.filter((one) => !isVariant(one));
  const models = modelsOf(evaluations);
  const recipes = [...new Set(evaluations.map(({ task }) => task.point.recipe))];
  const series = models
    .flatMap(({ name }) => recipes.map((recipe) => seriesOf(name, recipe, evaluations)))
    .filter((one) => one.evaluations.length > 0)
    .map((one, i) => ({ ...one, letter: letters(i) }));
  const asked = new Set(evaluations.flatMap(({ rows }) => [...rows.keys()]));
  const tasks = allTasks
    .filter(({ name }) => asked.has(name))
    .map(({ name, metrics }) => ({ name, metric: metrics[0]! }));
  const characters = [...new Set(evaluations.map(({ task }) => task.point.character))];
  return { models, series, tasks, characters, variants: all.filter(isVariant) };
}

function modelsOf(evaluations: readonly Evaluation[]): StudyModel[] {
  const found = new Map<string, StudyModel>();
  for (const { task, results } of evaluations) {
    const { parameters, modelBytes: bytes, modelSha256: sha256 } = results.subject;
    const name = shortName(task.point.model);
    found.set(task.point.model, { name, parameters, bytes, sha256 });
  }
  return [...found.values()].sort((a, b) => a.parameters - b.parameters);
}

/** A model's name without the folders of its path. */
export const shortName = (model: string): string =>
  model.replace(/^.*[/\\]/, '').replace(/\.gguf$/i, '');

function seriesOf(model: string, recipe: string, all: readonly Evaluation[]): Series {
  const evaluations = all.filter(
    ({ task: { point } }) => shortName(point.model) === model && point.recipe === recipe,
  );
  const isTrained = evaluations.some(({ results }) => results.subject.adapter !== null);
  return { letter: '', model, recipe, label: `${model} (${recipe})`, isTrained, evaluations };
}

/** A row of a task's first figure, over all characters that the series was asked about; undefined where it was not asked. */
export function scoreOf(
  { evaluations }: Series,
  { name, metric }: AskedTask,
  row = 'subject',
): MeanSource | undefined {
  const of = evaluations
    .filter(({ rows }) => rows.get(name)?.has(row))
    .map(({ task }) => score(task.label, name, metric.name, row));
  return of.length > 0 ? { kind: 'mean', of } : undefined;
}

/** The score of one character alone. */
export function scoreOfCharacter(
  series: Series,
  task: AskedTask,
  character: string,
): MeanSource | undefined {
  const own = series.evaluations.filter(({ task: { point } }) => point.character === character);
  return scoreOf({ ...series, evaluations: own }, task);
}

/**
 * How much better a series is than another in a task, character by character: their difference, turned where less of the
 * metric is better. Undefined where nothing was asked of both.
 */
export function gainOf(
  better: Series,
  worse: Series,
  { name, metric }: AskedTask,
): MeanSource | undefined {
  const of = better.evaluations
    .filter(({ rows }) => rows.get(name)?.has('subject'))
    .flatMap(({ task, rows }): DifferenceSource[] => {
      const alike = worse.evaluations.filter(
        (one) => isAlike(one, task.point) && sharesItems(rows, one, name),
      );
      // What was asked together with the same tasks first: a study may ask one task twice.
      const other = alike.find((one) => one.task.point.tasks === task.point.tasks) ?? alike[0];
      if (!other) return [];
      const [own, others] = [task.label, other.task.label].map((label) =>
        score(label, name, metric.name, 'subject'),
      );
      const [more, less] = metric.higherIsBetter === false ? [others, own] : [own, others];
      return [{ kind: 'difference', of: more!, less: less! }];
    });
  return of.length > 0 ? { kind: 'mean', of } : undefined;
}

/** The model of a series as it is, without training; undefined where it was not asked. */
function promptedOf({ series }: StudyShape, { model }: Series): Series | undefined {
  return series.find((one) => one.model === model && !one.isTrained);
}

/** What every training gives in every task against the same model prompted: one for each trained series and task. */
export function trainingGains(shape: StudyShape): TrainingGain[] {
  return shape.series
    .filter(({ isTrained }) => isTrained)
    .flatMap((trained) => {
      const prompted = promptedOf(shape, trained);
      if (!prompted) return [];
      return shape.tasks.flatMap((task) => {
        const source = gainOf(trained, prompted, task);
        return source ? [{ task, trained, prompted, source }] : [];
      });
    });
}

export interface TrainingGain {
  readonly task: AskedTask;
  readonly trained: Series;
  /** The trained model as it was before. */
  readonly prompted: Series;
  readonly source: MeanSource;
}

/** A component left out, or other levers: how much better one character fares with the change, in one task. */
export interface Ablation {
  /** "without memory", or "with the levers tags". */
  readonly change: string;
  /** The model without the change, as the end of a sentence names it: "with it", or "with the usual ones". */
  readonly otherwise: string;
  readonly character: string;
  readonly task: AskedTask;
  readonly series: Series;
  readonly source: MeanSource;
}

/** Every comparison of a variant with the series that it is a variant of. */
export function ablations({ series, tasks, variants }: StudyShape): Ablation[] {
  return variants.flatMap((variant) => {
    const { point } = variant.task;
    const own = series.find(
      ({ model, recipe }) => model === shortName(point.model) && recipe === point.recipe,
    );
    if (!own) return [];
    const [change, otherwise] = point.without
      ? [`without ${point.without}`, 'with it']
      : [`with the levers ${point.levers ?? 'off'}`, 'with the usual ones'];
    const usual = own.evaluations
      .filter(({ task: { point: other } }) => other.seed === point.seed)
      .map((one) => ({ ...one, task: withLeversOf(one.task, point) }));
    return tasks.flatMap((task): Ablation[] => {
      const changed = { ...own, evaluations: [variant] };
      const source = gainOf(changed, { ...own, evaluations: usual }, task);
      const { character } = point;
      return source ? [{ change, otherwise, character, task, series: own, source }] : [];
    });
  });
}

/** A task as if it had been asked with the levers of another: what differs in them alone is to be compared. */
const withLeversOf = (
  task: Evaluation['task'],
  { levers }: Evaluation['task']['point'],
): Evaluation['task'] => ({ ...task, point: { ...task.point, levers } });

/** The smallest and the largest model, both as they are; empty for a study of one model. */
export function smallAndLarge({ series }: StudyShape): [small?: Series, large?: Series] {
  const prompted = series.filter(({ isTrained }) => !isTrained);
  const [first, last] = [prompted[0], prompted.at(-1)];
  return first && last && first.model !== last.model ? [first, last] : [];
}

/** The task that figures of one task show: "know" if it was asked, else the first. */
export const leadingTask = (tasks: readonly AskedTask[]): AskedTask | undefined =>
  tasks.find(({ name }) => name === 'know') ?? tasks[0];

/** Names that a sentence has room for. */
const mostNames = 8;

/** Names for a sentence: all, or the first of many with how many more there are. */
export const fewNames = (names: readonly string[]): string[] =>
  names.length <= mostNames
    ? [...names]
    : [...names.slice(0, mostNames), `${names.length - mostNames} others`];

/** What the letters of a figure stand for: "A small (prompted), B small (adapter)". */
export const keyOf = (series: readonly Pick<Series, 'letter' | 'label'>[]): string =>
  series.map(({ letter, label }) => `${letter} ${label}`).join(', ');

/** A character's name as a sentence has it: "Lady Macbeth". */
export const nameOf = (character: string): string => displayName(character.replaceAll('-', ' '));

/** What a task asks for, in words: "answering questions about its own life (know)". */
export function taskWords({ name }: AskedTask): string {
  const words = taskTexts[name]?.name;
  return words === undefined ? name : `${words} (${name})`;
}

/** Such as "know (right)": short enough for a figure. */
export const taskName = ({ name, metric }: AskedTask): string => `${name} (${metric.name})`;

const score = (run: string, task: string, metric: string, row: string): ScoreSource => ({
  kind: 'score',
  ...{ run, task, metric, row },
});

const isAlike = (
  { task: { point } }: Evaluation,
  { character, levers }: Evaluation['task']['point'],
): boolean => point.character === character && point.levers === levers;

function sharesItems(rows: Evaluation['rows'], other: Evaluation, task: string): boolean {
  const own = new Set(
    rows
      .get(task)
      ?.get('subject')
      ?.map(({ item }) => item.id),
  );
  return (
    other.rows
      .get(task)
      ?.get('subject')
      ?.some(({ item }) => own.has(item.id)) ?? false
  );
}
