import type { MetricResult } from '../../eval/results.ts';
import type { Estimate } from '../../measure/metric.ts';
import { type DotGroup, type DotLine, dotRows, type RowDot } from './dot-rows.ts';
import { type BenchFigure, provenance } from './figure.ts';
import { runEntries } from './legend.ts';
import { isKnown, shown } from './number.ts';
import { type MarkedRun, tasksOf } from './run.ts';

const name = 'profile';
const title = 'Lengths, turns and habits against the originals';

/**
 * Figures that are to lie where the play's own lie, such as words a reply or how evenly turns are shared. Each has its
 * own axis from 0, for their units differ.
 */
export function profileFigure(runs: readonly MarkedRun[]): BenchFigure {
  const found = tasksOf(runs).map((task) => ({ task, groups: groupsOf(task, runs) }));
  const drawn = found.filter(({ groups }) => groups.length > 0);
  if (drawn.length === 0) {
    const why = 'No task of these runs has a figure that is to lie where the original’s lies.';
    return { kind: 'left out', name, title, why };
  }
  const tasks = drawn.map(({ task }) => task);
  return {
    kind: 'drawn',
    name,
    title,
    caption: `Filled marks are the runs; the diamond on its pale bar is the play’s own scenes, where the others should lie: more is not better. Each figure has its own axis; at the right: run, original. ${provenance(runs, tasks)}`,
    svg: dotRows({
      label: 'Lengths, turns and habits of each run and of the original',
      axis: null,
      groups: drawn.flatMap(({ groups }) => groups),
      domain: [0, 1],
      rules: [],
      entries: [...runEntries(runs), { symbol: 'diamond', isFilled: false, text: 'original' }],
    }),
  };
}

interface Measured {
  readonly run: MarkedRun;
  readonly metric: MetricResult;
}

function groupsOf(task: string, runs: readonly MarkedRun[]): DotGroup[] {
  const measured = runs.flatMap((run): Measured[] =>
    run.results.tasks
      .filter((result) => result.task === task)
      .flatMap(({ metrics }) => metrics)
      .filter(
        ({ higherIsBetter, rows }) => higherIsBetter === null && isKnown(rows.original?.value),
      )
      .map((metric) => ({ run, metric })),
  );
  const metrics = [...new Set(measured.map(({ metric }) => metric.metric))];
  return metrics.map((metric) =>
    groupOf(
      `${task} · ${metric}`,
      measured.filter((other) => other.metric.metric === metric),
    ),
  );
}

function groupOf(label: string, measured: readonly Measured[]): DotGroup {
  const asked = measured.filter(({ metric }) => isKnown(metric.rows.subject?.value));
  const lines = asked.length > 0 ? asked.map(runLine) : measured.slice(0, 1).map(originalLine);
  const ends = lines.flatMap(({ dots }) =>
    dots.flatMap(({ value, low = value, high = value }) => [value, low, high]),
  );
  const ticks = axisTicks(Math.min(0, ...ends), Math.max(...ends));
  const [first, last] = [ticks[0]!, ticks.at(-1)!];
  const toShare = (value: number) => (value - first) / (last - first);
  return {
    name: label,
    lines: lines.map((line) => ({
      ...line,
      dots: line.dots.map(({ value, low, high, ...mark }) => ({
        ...mark,
        value: toShare(value),
        ...(low === undefined || high === undefined
          ? {}
          : { low: toShare(low), high: toShare(high) }),
      })),
    })),
    anchors: ticks.map((tick) => ({ name: tickLabel(tick), value: toShare(tick), isTick: true })),
  };
}

function runLine({ run, metric: { rows, unit } }: Measured): DotLine {
  const { subject, original } = rows;
  const own: RowDot[] = subject ? [{ ...spanOf(subject), symbol: run.symbol, isFilled: true }] : [];
  return {
    mark: run.letter,
    dots: [...originalDot(original), ...own],
    note: [subject, original].map((estimate) => shown(estimate?.value, unit)).join(', '),
  };
}

/** For what was measured on the play alone. */
function originalLine({ metric: { rows, unit } }: Measured): DotLine {
  return { mark: '', dots: originalDot(rows.original), note: shown(rows.original?.value, unit) };
}

function originalDot(original: Estimate | undefined): RowDot[] {
  if (!original) return [];
  return [{ ...spanOf(original), symbol: 'diamond', isFilled: false, isBand: true }];
}

function spanOf({ value, low, high }: Estimate) {
  return isKnown(low) && isKnown(high) ? { value, low, high } : { value };
}

/** Three to eight round numbers around what lies from `least` to `most`. */
export function axisTicks(least: number, most: number): number[] {
  const span = most > least ? most - least : 1;
  const power = 10 ** Math.floor(Math.log10(span / 3));
  const step = power * ([5, 2].find((factor) => span / (power * factor) >= 2) ?? 1);
  const [first, last] = [Math.floor(least / step), Math.ceil((least + span) / step)];
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

const tickLabel = (value: number): string => String(Number(value.toPrecision(6))).replace('-', '−');
