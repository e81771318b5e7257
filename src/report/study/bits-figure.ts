import { dot, line, link, ruleY, text } from '@observablehq/plot';
import { chart } from '../page/chart.ts';
import { comparisonOf, gainFinding } from './findings.ts';
import { idOf, type Ledger, type Phrase, say } from './ledger.ts';
import type { MeanSource } from './number-source.ts';
import { madeOf } from './score-figures.ts';
import type { StudyFigure } from './study-figure.ts';
import {
  type AskedTask,
  gainOf,
  nameOf,
  type StudyShape,
  scoreOfCharacter,
  smallAndLarge,
  trainingGains,
} from './study-shape.ts';

/** Columns that the figure has room for, with their labels. */
const mostSeries = 8;

/** How much more each model expects a character's own words than those of others: a line a character, a column a series. */
export function bitsFigure(shape: StudyShape, ledger: Ledger): StudyFigure {
  const name = 'bits-by-model';
  const task = shape.tasks.find((one) => one.name === 'bits');
  const points = task ? pointsOf(shape, task, ledger) : [];
  if (!task || points.length === 0)
    return {
      ...{ kind: 'left out', name, title: 'Bits a byte, own words against others’' },
      why: 'No evaluation of the study asked the task “bits”.',
      command: 'dramatis eval bits --character hamlet --json bits.json',
    };
  const columns = shape.series.slice(0, mostSeries);
  const drawn = points.filter(({ x }) => x < columns.length);
  const ends = shape.characters.flatMap(
    (character) => drawn.findLast((point) => point.character === character) ?? [],
  );
  return {
    ...{ kind: 'drawn', name },
    title: bitsTitle(shape, task, points[0]!.source, ledger),
    caption: say`Bits a byte that others’ words take under the character’s name, less what its own words take. Each line is a character. The bar is the 95 % interval over the scenes that might have been. Higher is better; at 0 the model has no idea of the character. ${madeOf(shape)}`,
    table: points.map(({ character, series, source, value, low, high, n }) => ({
      ...{ character, series, unit: task.metric.unit, value, low, high, n, number: idOf(source) },
    })),
    svg: chart('Bits a byte of others’ words less own, by model and character', {
      ...{ height: 330, marginLeft: 60, marginRight: 130, marginBottom: 40, marginTop: 26 },
      x: {
        ...{ label: null, ticks: columns.map((_, i) => i), tickSize: 0 },
        domain: [-0.3, Math.max(0.7, columns.length - 0.7)],
        tickFormat: (i: number) => columns[i]?.label.replace(' (', '\n(') ?? '',
      },
      y: { label: 'bits a byte, others less own', labelArrow: 'none', grid: true, zero: true },
      marks: [
        ruleY([0], { stroke: 'var(--rule)', strokeWidth: 1.5 }),
        line(drawn, { x: 'at', y: 'value', z: 'character', stroke: 'var(--accent)' }),
        link(
          drawn.filter(({ low, high }) => low < high),
          { x: 'at', y1: 'low', y2: 'high', stroke: 'var(--ink)', strokeWidth: 1.2 },
        ),
        dot(drawn, {
          ...{ x: 'at', y: 'value', r: 4, stroke: 'var(--accent)', strokeWidth: 1.6 },
          fill: ({ isTrained }: { isTrained: boolean }) =>
            isTrained ? 'var(--accent)' : 'var(--paper)',
        }),
        text(ends, {
          ...{ x: 'at', y: 'value', dx: 10, textAnchor: 'start' },
          text: ({ character }: { character: string }) => nameOf(character),
        }),
      ],
    }),
  };
}

function pointsOf({ series, characters }: StudyShape, task: AskedTask, ledger: Ledger) {
  return characters.flatMap((character, i) =>
    series.flatMap((one, x) => {
      const source = scoreOfCharacter(one, task, character);
      if (!source) return [];
      // Characters stand beside each other, so that their intervals do not cover one another.
      const at = x + (i - (characters.length - 1) / 2) * 0.05;
      const { label, isTrained } = one;
      return [{ character, series: label, isTrained, x, at, source, ...ledger.figure(source) }];
    }),
  );
}

/** The large model against the small; of one model the first training; of no training the first figure. */
function bitsTitle(shape: StudyShape, task: AskedTask, first: MeanSource, ledger: Ledger): Phrase {
  const [small, large] = smallAndLarge(shape);
  const between = small && large ? gainOf(large, small, task) : undefined;
  if (small && large && between)
    return comparisonOf(task, between, [large.model, small.model], ledger).sentence;
  const gain = trainingGains(shape).find((one) => one.task.name === task.name);
  if (gain) return gainFinding(gain, ledger).sentence;
  return say`A character’s own words take ${ledger.withInterval(first)} bits a byte less than others’ under its name (n\u00a0=\u00a0${ledger.n(first)})`;
}
