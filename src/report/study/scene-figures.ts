import { type DotGroup, dotRows, type RowDot } from '../bench/dot-rows.ts';
import { shown } from '../bench/number.ts';
import { idOf, type Ledger, type Phrase, plain, say } from './ledger.ts';
import { sceneTexts } from './measure-texts.ts';
import type { Figure, SceneSource } from './number-source.ts';
import type { PlayedScenes, StudyData } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';
import { shortName } from './study-shape.ts';

type SceneTask = 'duet' | 'quartet';
/** The name under which results have the plays' own turns. */
const printed = 'original';

/** Measures of a part of a scene, which have a figure of their own. */
export const thirds = ['voice, first third', 'voice, last third'] as const;

/** Conversations of two or of four beside those of the plays. */
export function sceneFigure(
  task: SceneTask,
  { scenes }: Pick<StudyData, 'scenes'>,
  ledger: Ledger,
): StudyFigure {
  const people = task === 'duet' ? 'two' : 'four';
  const name = `scenes-${task}`;
  const measures = Object.keys(sceneTexts).filter((one) => !thirds.some((third) => third === one));
  const marks = marksOf(task, measures, scenes, ledger);
  if (marks.length === 0) return withoutScenes(name, `Conversations of ${people}`, task);
  return {
    ...{ kind: 'drawn', name, table: marks.map(rowOf) },
    title: sceneTitle(people, marks, ledger),
    caption: say`Filled marks are means over situations, their bars the 95 % intervals by Student’s t. A pale bar is where eight in ten conversations of Hamlet and Macbeth lie; the hollow mark is the mean of the plays’ own turns at the same places, which are too few to lie inside it always. To lie where they lie is the aim, not to lie far to the right. ${modelsOf(marks)}`,
    svg: dotRows({
      label: `Measures of conversations of ${people} beside those of the plays`,
      axis: 'share',
      ...{ groups: groupsOf(marks), domain: [0, 1], rules: [], entries: entriesOf(scenes) },
    }),
  };
}

/** A measure of scenes as one model plays them, beside what the plays have. */
export interface SceneMark {
  /** Letter of the model in the figure. */
  readonly letter: string;
  readonly model: string;
  readonly source: SceneSource;
  readonly figure: Figure;
  /** Where eight in ten conversations of the plays lie, if that is known. */
  readonly band: readonly [number, number] | null;
  /** The measure of what the plays have there: their own turns, at the same places. */
  readonly original: Figure | undefined;
  readonly hash: string;
}

/** Every model's marks of some measures, measure by measure. */
export const marksOf = (
  task: SceneTask,
  measures: readonly string[],
  scenes: readonly PlayedScenes[],
  ledger: Ledger,
): SceneMark[] =>
  measures.flatMap((measure) =>
    scenes.flatMap((played, i) => markOf(played, i, task, measure, ledger) ?? []),
  );

/** A mark as a row of the table beside its figure. */
export function rowOf({ model, source, figure, band, original }: SceneMark) {
  const { task, measure } = source;
  const { value, low, high, n } = figure;
  return {
    ...{ task, measure, model, value, low, high, n, number: idOf(source) },
    ...{ 'of the plays': original?.value ?? null },
    ...{ 'band from': band?.[0] ?? null, 'band to': band?.[1] ?? null },
  };
}

function groupsOf(marks: readonly SceneMark[]): DotGroup[] {
  const measures = [...new Set(marks.map(({ source }) => source.measure))];
  return measures.map((name) => ({
    ...{ name, anchors: [] },
    lines: marks
      .filter(({ source }) => source.measure === name)
      .map((mark) => ({
        ...{ mark: mark.letter, dots: [...bandOf(mark), dotOf(mark.figure)] },
        note: `${shown(mark.figure.value, '')}  n ${mark.figure.n}`,
      })),
  }));
}

function markOf(
  played: PlayedScenes,
  i: number,
  named: SceneTask,
  measure: string,
  ledger: Ledger,
): SceneMark | undefined {
  const { task, results } = played;
  const arm = results.tasks.find((one) => one.task === named)?.arms[0];
  const own = arm?.figures.find((one) => one.measure === measure);
  if (!arm || !own) return undefined;
  const source: SceneSource = {
    ...{ kind: 'scene', run: task.label, task: named, arm: arm.arm, measure },
  };
  const { name, sha256 } = results.model;
  const figure = ledger.figure(source);
  const original = printedOf(played, named, measure, ledger);
  return {
    ...{ letter: letterOf(i), model: shortName(name), source, figure, band: own.band, original },
    hash: sha256.slice(0, 8),
  };
}

function printedOf(
  { task }: PlayedScenes,
  named: SceneTask,
  measure: string,
  ledger: Ledger,
): Figure | undefined {
  const source: SceneSource = {
    ...{ kind: 'scene', run: task.label, task: named, arm: printed, measure },
  };
  if (!ledger.has(source)) return undefined;
  const figure = ledger.figure(source);
  return figure.n > 0 ? figure : undefined;
}

function bandOf({ band, original }: SceneMark): RowDot[] {
  if (!band) return [];
  const [low, high] = band;
  const value = original?.value ?? (low + high) / 2;
  return [{ ...{ value, low, high, symbol: 'diamond', isFilled: false, isBand: true } }];
}

const dotOf = ({ value, low, high }: Figure): RowDot => ({
  ...{ value, symbol: 'circle', isFilled: true },
  ...(low < high && { low, high }),
});

/** The measure that lies furthest outside the plays' band; where all that have one lie inside, that they do. */
function sceneTitle(people: string, marks: readonly SceneMark[], ledger: Ledger): Phrase {
  const outside = marks
    .map((mark) => ({ mark, far: distanceOf(mark) }))
    .filter(({ far }) => far > 0)
    .sort((a, b) => b.far - a.far)[0];
  const [first] = marks;
  if (!outside || !first)
    return say`Conversations of ${people} lie where eight in ten of the plays’ own lie, in every measure of which that is known (n\u00a0=\u00a0${first ? countOf(first.source, ledger) : plain('0 situations')})`;
  const { model, source, figure, band } = outside.mark;
  const isAbove = band !== null && figure.value > band[1];
  return say`Conversations of ${people} are furthest from the plays in “${source.measure}” as ${model} speaks them: ${ledger.withInterval(source)} (n\u00a0=\u00a0${countOf(source, ledger)}) is ${isAbove ? 'above' : 'below'} where eight in ten of the plays’ own lie`;
}

function distanceOf({ figure: { value }, band }: SceneMark): number {
  return band ? Math.max(0, value - band[1], band[0] - value) : 0;
}

/** "2 situations". */
export const countOf = (source: SceneSource, ledger: Ledger): Phrase =>
  say`${ledger.n(source)} ${ledger.figure(source).n === 1 ? 'situation' : 'situations'}`;

const letterOf = (i: number): string => String.fromCharCode('a'.charCodeAt(0) + i);

const entriesOf = (scenes: readonly PlayedScenes[]) => [
  ...scenes.map(({ results }, i) => ({
    ...{ symbol: 'circle' as const, isFilled: true },
    text: `${letterOf(i)}  ${shortName(results.model.name)}`,
  })),
  { symbol: 'diamond' as const, isFilled: false, text: 'the plays’ own turns' },
];

export function modelsOf(marks: readonly SceneMark[]): Phrase {
  const hashes = new Map(marks.map(({ model, hash }) => [model, hash]));
  return plain(`sha256: ${[...hashes].map(([model, hash]) => `${model} ${hash}`).join(', ')}.`);
}

export const withoutScenes = (name: string, title: string, task: SceneTask): StudyFigure => ({
  ...{ kind: 'left out', name, title },
  why: `The study has no scenes of ${task} that were played.`,
  command: `dramatis eval ${task} --run --json scenes.json`,
});
