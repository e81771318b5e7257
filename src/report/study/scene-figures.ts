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

const thirds = ['voice, first third', 'voice, last third'];

/** Conversations of two or of four beside those of the plays. */
export function sceneFigure(
  task: SceneTask,
  { scenes }: Pick<StudyData, 'scenes'>,
  ledger: Ledger,
): StudyFigure {
  const people = task === 'duet' ? 'two' : 'four';
  const name = `scenes-${task}`;
  const measures = Object.keys(sceneTexts).filter((one) => !thirds.includes(one));
  const drawn = draw(task, measures, scenes, ledger);
  if (!drawn) return withoutScenes(name, `Conversations of ${people}`, task);
  return {
    ...{ kind: 'drawn', name, table: drawn.table },
    title: sceneTitle(people, drawn.marks, ledger),
    caption: say`Filled marks are means over situations, their bars the 95 % intervals by Student’s t. A pale bar is where eight in ten conversations of Hamlet and Macbeth lie, the hollow mark on it the mean of the plays’ own turns at the same places. To lie where they lie is the aim, not to lie far to the right. ${modelsOf(drawn.marks)}`,
    svg: dotRows({
      label: `Measures of conversations of ${people} beside those of the plays`,
      axis: 'share',
      ...{ groups: drawn.groups, domain: [0, 1], rules: [], entries: entriesOf(scenes) },
    }),
  };
}

/** Whether voices stay apart from the first third of a scene to the last. */
export function voiceFigure({ scenes }: Pick<StudyData, 'scenes'>, ledger: Ledger): StudyFigure {
  const name = 'voices-over-time';
  const parts = (['duet', 'quartet'] as const).flatMap(
    (task) => draw(task, thirds, scenes, ledger, `${task}, `) ?? [],
  );
  if (parts.length === 0) return withoutScenes(name, 'Voices over time', 'quartet');
  const marks = parts.flatMap((part) => part.marks);
  const first = marks[0]!;
  const last = marks.find(
    ({ source }) =>
      source.task === first.source.task &&
      source.run === first.source.run &&
      source.measure === thirds[1],
  );
  return {
    ...{ kind: 'drawn', name, table: parts.flatMap((part) => part.table) },
    title: last
      ? say`From the first third of a ${first.source.task} to the last the voices of ${first.model} go from ${ledger.withInterval(first.source)} to ${ledger.withInterval(last.source)} (n\u00a0=\u00a0${ledger.n(first.source)} situations); 0.5 is no voice at all`
      : say`In the first third of a ${first.source.task} the voices of ${first.model} are apart by ${ledger.withInterval(first.source)} (n\u00a0=\u00a0${ledger.n(first.source)} situations); 0.5 is no voice at all`,
    caption: say`How well a turn’s words fit its speaker rather than the others in the scene. Marks and bars as in the figures of scenes. ${modelsOf(marks)}`,
    svg: dotRows({
      label: 'Voice in the first and the last third of scenes',
      axis: 'share of the others whose voice fits less',
      ...{ groups: parts.flatMap((part) => part.groups), domain: [0, 1], rules: [0.5] },
      entries: entriesOf(scenes),
    }),
  };
}

interface SceneMark {
  readonly model: string;
  readonly source: SceneSource;
  readonly figure: Figure;
  readonly band: readonly [number, number] | null;
  readonly hash: string;
}

function draw(
  task: SceneTask,
  measures: readonly string[],
  scenes: readonly PlayedScenes[],
  ledger: Ledger,
  before = '',
) {
  const marks: SceneMark[] = [];
  const table: Record<string, string | number | null>[] = [];
  const groups = measures.flatMap((measure): DotGroup[] => {
    const lines = scenes.flatMap((played, i) => {
      const mark = markOf(played, task, measure, ledger);
      if (!mark) return [];
      marks.push(mark);
      const original = printedOf(played, task, measure, ledger);
      const { value, low, high, n } = mark.figure;
      table.push({
        ...{ task, measure, model: mark.model, value, low, high, n, number: idOf(mark.source) },
        ...{ 'of the plays': original?.value ?? null },
        ...{ 'band from': mark.band?.[0] ?? null, 'band to': mark.band?.[1] ?? null },
      });
      const dots = [...bandOf(mark, original), dotOf(mark.figure)];
      return [{ mark: letterOf(i), dots, note: `${shown(value, '')}  n ${n}` }];
    });
    return lines.length > 0 ? [{ name: `${before}${measure}`, lines, anchors: [] }] : [];
  });
  return groups.length > 0 ? { groups, marks, table } : undefined;
}

function markOf(
  { task, results }: PlayedScenes,
  named: SceneTask,
  measure: string,
  ledger: Ledger,
): SceneMark | undefined {
  const arm = results.tasks.find((one) => one.task === named)?.arms[0];
  const own = arm?.figures.find((one) => one.measure === measure);
  if (!arm || !own) return undefined;
  const source: SceneSource = {
    ...{ kind: 'scene', run: task.label, task: named, arm: arm.arm, measure },
  };
  const { name, sha256 } = results.model;
  const figure = ledger.figure(source);
  return { model: shortName(name), source, figure, band: own.band, hash: sha256.slice(0, 8) };
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

function bandOf({ band }: SceneMark, original: Figure | undefined): RowDot[] {
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
    return say`In conversations of ${people} every measure that the plays have a band of lies inside it (n\u00a0=\u00a0${first ? ledger.n(first.source) : plain('0')} situations)`;
  const { model, source, figure, band } = outside.mark;
  const isAbove = band !== null && figure.value > band[1];
  return say`Conversations of ${people}: ${source.measure} of ${model} is furthest from the plays, ${isAbove ? 'above' : 'below'} where eight in ten of them lie: ${ledger.withInterval(source)} (n\u00a0=\u00a0${ledger.n(source)} situations)`;
}

function distanceOf({ figure: { value }, band }: SceneMark): number {
  return band ? Math.max(0, value - band[1], band[0] - value) : 0;
}

const letterOf = (i: number): string => String.fromCharCode('a'.charCodeAt(0) + i);

const entriesOf = (scenes: readonly PlayedScenes[]) => [
  ...scenes.map(({ results }, i) => ({
    ...{ symbol: 'circle' as const, isFilled: true },
    text: `${letterOf(i)}  ${shortName(results.model.name)}`,
  })),
  { symbol: 'diamond' as const, isFilled: false, text: 'the plays’ own turns' },
];

function modelsOf(marks: readonly SceneMark[]): Phrase {
  const hashes = new Map(marks.map(({ model, hash }) => [model, hash]));
  return plain(`sha256: ${[...hashes].map(([model, hash]) => `${model} ${hash}`).join(', ')}.`);
}

const withoutScenes = (name: string, title: string, task: SceneTask): StudyFigure => ({
  ...{ kind: 'left out', name, title },
  why: `The study has no scenes of ${task} that were played.`,
  command: `dramatis eval ${task} --run --json scenes.json`,
});
