import { dot, line, text } from '@observablehq/plot';
import { chart } from '../page/chart.ts';
import { idOf, type Ledger, say } from './ledger.ts';
import type { DetectableSource, ScoreSource } from './number-source.ts';
import { madeOf } from './score-figures.ts';
import type { StudyFigure } from './study-figure.ts';
import { type AskedTask, type StudyShape, scoreOf, taskWords } from './study-shape.ts';

/** Fewer scenes than these tell nothing. */
export const fewestScenes = 3;
/** Scenes that the line is drawn over. */
const counts = [fewestScenes, 5, 7, 10, 15, 20, 30, 40];

/** What differences the tasks could show at all, by how many scenes are asked about. */
export function powerFigure(shape: StudyShape, ledger: Ledger): StudyFigure {
  const name = 'what-could-be-shown';
  const lines = shape.tasks
    .filter(({ metric }) => metric.unit === 'share')
    .flatMap((task) => {
      const of = firstScore(shape, task);
      return of
        ? [{ task, points: counts.map((scenes) => pointOf(task, of, scenes, ledger)) }]
        : [];
    });
  const [first] = lines;
  if (!first)
    return {
      ...{ kind: 'left out', name, title: 'What could be shown' },
      why: 'No evaluation of the study asked a task whose figure is a share.',
      command: 'dramatis eval power',
    };
  const points = lines.flatMap((one) => one.points);
  const at = first.points.find(({ scenes }) => scenes === 7)!;
  const far = first.points.at(-1)!;
  return {
    ...{ kind: 'drawn', name },
    title: say`With ${ledger.n(at.source)} scenes a difference of ${ledger.value(at.source)} or more can be shown in ${taskWords(first.task)}; with ${ledger.n(far.source)} scenes one of ${ledger.value(far.source)}`,
    caption: say`The least difference between two models that 80 of 100 runs would show, by how many scenes are asked about, with as many items in each as the study has. Two models are taken to answer alike with a correlation of 0.9. ${madeOf(shape)}`,
    table: points.map(({ task, scenes, value, source }) => ({
      ...{ task, scenes, 'least difference': value, number: idOf(source) },
    })),
    svg: chart('The least difference that could be shown, by scenes', {
      ...{ height: 320, marginLeft: 60, marginRight: 130, marginBottom: 44 },
      x: {
        type: 'log',
        label: 'scenes',
        labelArrow: 'none',
        labelAnchor: 'center',
        ticks: counts,
        tickFormat: String,
      },
      y: { label: 'least difference', labelArrow: 'none', grid: true, zero: true },
      marks: [
        line(points, { x: 'scenes', y: 'value', z: 'task', stroke: 'var(--accent)' }),
        dot(points, { x: 'scenes', y: 'value', r: 3, fill: 'var(--accent)' }),
        text(labelled(lines.map((one) => one.points)), {
          ...{ x: 'scenes', y: 'at', text: 'task', dx: 14, textAnchor: 'start' },
        }),
      ],
    }),
  };
}

/** The first score of a task in the study: what its items are like. */
export function firstScore({ series }: StudyShape, task: AskedTask): ScoreSource | undefined {
  for (const one of series) {
    const [of] = scoreOf(one, task)?.of ?? [];
    if (of?.kind === 'score') return of;
  }
  return undefined;
}

function pointOf({ name }: AskedTask, of: ScoreSource, scenes: number, ledger: Ledger) {
  const source: DetectableSource = { kind: 'detectable', of, scenes };
  return { task: name, scenes, source, value: ledger.figure(source).value };
}

/** Names at the ends of the lines, from the lowest up, each as far above the one before as its letters are high. */
function labelled(
  lines: readonly (readonly { readonly task: string; readonly value: number }[])[],
) {
  const step = Math.max(...lines.flat().map(({ value }) => value)) / 18;
  const ends = lines.map((points) => points.at(-1)!).sort((a, b) => a.value - b.value);
  let above = Number.NEGATIVE_INFINITY;
  return ends.map(({ task, value }) => {
    above = Math.max(value, above + step);
    return { task, at: above, scenes: counts.at(-1)! };
  });
}
