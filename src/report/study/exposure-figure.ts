import { dot, linearRegressionY, text } from '@observablehq/plot';
import { chart } from '../page/chart.ts';
import { idOf, type Ledger, type Phrase, say } from './ledger.ts';
import type { MeanSource } from './number-source.ts';
import { madeOf } from './score-figures.ts';
import type { StudyFigure } from './study-figure.ts';
import {
  type AskedTask,
  keyOf,
  leadingTask,
  nameOf,
  type Series,
  type StudyShape,
  scoreOfCharacter,
  taskName,
} from './study-shape.ts';

/** A line through fewer points says nothing. */
const fewestToFit = 6;
const share = { domain: [0, 1], labelArrow: 'none' } as const;

/** Whether a model does better where it knew the text before: a mark for each model and character, as prompted. */
export function exposureFigure(shape: StudyShape, ledger: Ledger): StudyFigure {
  const name = 'score-by-exposure';
  const known = shape.tasks.find((one) => one.name === 'cloze');
  const task = leadingTask(
    shape.tasks.filter((one) => one !== known && one.metric.unit === 'share'),
  );
  const points = known && task ? pointsOf(shape, known, task, ledger) : [];
  if (!known || !task || points.length < 2)
    return {
      ...{ kind: 'left out', name, title: 'What was known before, against the score' },
      why: 'It takes “cloze” and a task whose figure is a share, asked of two characters or models.',
      command: 'dramatis eval cloze know --character hamlet --json exposure.json',
    };
  return {
    ...{ kind: 'drawn', name },
    title: exposureTitle(points, task, ledger),
    caption: say`Each mark is a model, by its letter, with one character: ${keyOf(shape.series.filter(({ isTrained }) => !isTrained))}. Across: the share of words taken out of the play that the bare model finds. ${points.length < fewestToFit ? `Through fewer than ${fewestToFit} marks no line is drawn.` : 'The line is the least-squares fit, the band its 95 % interval.'} Where marks rise to the right, a score may be memory of the text rather than of the character. ${madeOf(shape)}`,
    table: points.map(({ character, series, x, y, exposure, score }) => ({
      ...{ character, series, exposure: x, score: y },
      ...{ 'number of exposure': idOf(exposure), 'number of score': idOf(score) },
    })),
    svg: chart(`${taskName(task)} against ${taskName(known)}`, {
      ...{ height: 330, marginLeft: 60, marginRight: 110, marginBottom: 44, marginTop: 26 },
      x: { ...share, label: taskName(known), labelAnchor: 'center' },
      y: { ...share, label: taskName(task), grid: true },
      marks: [
        ...(points.length < fewestToFit
          ? []
          : [
              linearRegressionY(points, { x: 'x', y: 'y', stroke: 'var(--second)', clip: 'frame' }),
            ]),
        dot(points, {
          ...{ x: 'x', y: 'y', r: 5, stroke: 'var(--accent)', strokeWidth: 1.6 },
          fill: 'var(--paper)',
        }),
        text(points, { x: 'x', y: 'y', text: 'key', dx: 10, textAnchor: 'start' }),
      ],
    }),
  };
}

interface ExposurePoint {
  readonly key: string;
  readonly character: string;
  readonly series: string;
  readonly x: number;
  readonly y: number;
  readonly exposure: MeanSource;
  readonly score: MeanSource;
}

function pointsOf(
  { series, characters }: StudyShape,
  known: AskedTask,
  task: AskedTask,
  ledger: Ledger,
): ExposurePoint[] {
  const prompted = series.filter(({ isTrained }) => !isTrained);
  return prompted.flatMap((one) => characters.flatMap((character) => pointOf(one, character)));

  function pointOf(one: Series, character: string): ExposurePoint[] {
    const exposure = scoreOfCharacter(one, known, character);
    const score = scoreOfCharacter(one, task, character);
    if (!exposure || !score) return [];
    const [x, y] = [exposure, score].map((source) => ledger.figure(source).value);
    const key = `${one.letter}  ${nameOf(character)}`;
    return [{ key, character, series: one.label, x: x!, y: y!, exposure, score }];
  }
}

/** The best known of the marks beside the least known, each with its score. */
function exposureTitle(points: readonly ExposurePoint[], task: AskedTask, ledger: Ledger): Phrase {
  const sorted = [...points].sort((a, b) => a.x - b.x);
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const scored = ({ exposure, score }: ExposurePoint): Phrase =>
    say`${ledger.value(exposure)} of the words found (n\u00a0=\u00a0${ledger.n(exposure)}), ${ledger.withInterval(score)} in “${task.name}” (n\u00a0=\u00a0${ledger.n(score)})`;
  return say`Where the text was known best: ${scored(most)}; where it was known least: ${scored(least)}`;
}
