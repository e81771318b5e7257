import { dot, link, text } from '@observablehq/plot';
import { chart } from '../page/chart.ts';
import { comparisonOf } from './findings.ts';
import { idOf, type Ledger, type Phrase, say } from './ledger.ts';
import type { Figure } from './number-source.ts';
import { madeOf } from './score-figures.ts';
import type { StudyFigure } from './study-figure.ts';
import {
  type AskedTask,
  gainOf,
  keyOf,
  leadingTask,
  type StudyShape,
  scoreOf,
  smallAndLarge,
  taskName,
  taskWords,
} from './study-shape.ts';

const million = 1e6;

/** The first task of the study against the size of the model: one mark for each model with each recipe. */
export function sizeFigure(shape: StudyShape, ledger: Ledger): StudyFigure {
  const name = 'quality-by-size';
  const task = leadingTask(shape.tasks);
  const points = task ? pointsOf(shape, task, ledger) : [];
  if (!task || shape.models.length < 2 || points.length < 2)
    return {
      ...{ kind: 'left out', name, title: 'Quality against size' },
      why: 'It takes two models that were asked the same task.',
      command: 'dramatis study plan --models smollm2-135m,qwen2.5-coder-1.5b',
    };
  const label = `${taskName(task)} against millions of parameters`;
  const whole = points.filter(({ low, high }) => low < high);
  return {
    ...{ kind: 'drawn', name },
    title: sizeTitle(shape, task, ledger),
    caption: say`Each mark is a model with a recipe, named by its letter: ${keyOf(shape.series)}; filled marks are trained. The bar is the 95 % interval. ${madeOf(shape)}`,
    table: points.map(({ label: series, millions, value, low, high, n, number }) => ({
      ...{ series, 'million parameters': millions, value, low, high, n, number },
    })),
    svg: chart(label, {
      ...{ height: 340, marginLeft: 60, marginRight: 60, marginBottom: 44, marginTop: 30 },
      x: {
        ...{ type: 'log', label: 'million parameters', labelArrow: 'none', labelAnchor: 'center' },
        ticks: [...new Set(points.map(({ millions }) => millions))],
        tickFormat: (x: number) => Math.round(x).toLocaleString('en'),
        domain: [points[0]!.millions / 1.6, points.at(-1)!.millions * 1.6],
      },
      y: { label: taskName(task), labelArrow: 'none', grid: true, nice: true },
      marks: [
        link(whole, { x: 'x', y1: 'low', y2: 'high', stroke: 'var(--ink)', strokeWidth: 1.4 }),
        dot(points, {
          ...{ x: 'x', y: 'value', r: 5, stroke: 'var(--accent)', strokeWidth: 1.6 },
          fill: ({ isTrained }: { isTrained: boolean }) =>
            isTrained ? 'var(--accent)' : 'var(--paper)',
        }),
        text(points, { x: 'x', y: topOf, text: 'key', dy: -9 }),
      ],
    }),
  };
}

function pointsOf(shape: StudyShape, task: AskedTask, ledger: Ledger) {
  const asked = shape.series.flatMap((series) => {
    const source = scoreOf(series, task);
    const model = shape.models.find(({ name }) => name === series.model);
    return source && model ? [{ series, source, model }] : [];
  });
  return asked.map(({ series, source, model }) => {
    const { value, low, high, n } = ledger.figure(source);
    const alike = asked.filter((one) => one.model === model);
    const place = alike.findIndex((one) => one.series === series) - (alike.length - 1) / 2;
    const millions = model.parameters / million;
    return {
      ...{ label: series.label, key: series.letter, isTrained: series.isTrained, millions },
      // Those of one model stand beside each other.
      x: millions * 1.07 ** place,
      ...{ value, low, high, n, number: idOf(source) },
    };
  });
}

function sizeTitle(shape: StudyShape, task: AskedTask, ledger: Ledger): Phrase {
  const [small, large] = smallAndLarge(shape);
  const source = small && large ? gainOf(large, small, task) : undefined;
  if (!small || !large || !source) return say`Quality against size in ${taskWords(task)}`;
  return comparisonOf(task, source, [large.model, small.model], ledger).sentence;
}

/** Where the letter of a mark stands clear of its interval and of those beside it. */
export const topOf = ({ value, high }: Pick<Figure, 'value' | 'high'>): number =>
  high > value ? high : value;
