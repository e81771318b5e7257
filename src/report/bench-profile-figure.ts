import type { Estimate, MetricResult } from '../eval/results.ts';
import { type DotGroup, dotRows, type RowDot } from './bench-dot-rows.ts';
import { type BenchFigure, provenance } from './bench-figure.ts';
import { runEntries } from './bench-legend.ts';
import { isKnown, shown } from './bench-number.ts';
import { type MarkedRun, tasksOf } from './bench-run.ts';

const title = 'Lengths, turns and habits against the originals';

/**
 * Figures that are to lie where the play's own lie, such as words a reply or how evenly turns are shared: a figure for
 * each unit, because their axes differ.
 */
export function profileFigures(runs: readonly MarkedRun[]): BenchFigure[] {
  const groups = tasksOf(runs).flatMap((task) => groupsOf(task, runs));
  const units = [...new Set(groups.map(({ unit }) => unit))];
  if (units.length === 0) {
    const why = 'No task of these runs has a figure that is to lie where the original’s lies.';
    return [{ kind: 'left out', name: 'profile', title, why }];
  }
  return units.map((unit) => {
    const shownGroups = groups.filter((group) => group.unit === unit);
    return {
      kind: 'drawn',
      name: `profile-${unit.replaceAll(' ', '-')}`,
      title: `${title}: in ${unit}`,
      caption: `Filled marks are the runs; the diamond on its pale bar is the play’s own scenes, where the others should lie: more is not better. Figures at the right: run, original. ${provenance(
        runs,
        shownGroups.map(({ task }) => task),
      )}`,
      svg: dotRows({
        label: `Figures in ${unit} of each run and of the original`,
        axis: unit,
        groups: shownGroups,
        domain: domainOf(shownGroups, unit),
        rules: [0],
        entries: [...runEntries(runs), { symbol: 'diamond', isFilled: false, text: 'original' }],
      }),
    };
  });
}

function groupsOf(
  task: string,
  runs: readonly MarkedRun[],
): (DotGroup & { task: string; unit: string })[] {
  const measured = runs.flatMap((run) =>
    run.results.tasks
      .filter((result) => result.task === task)
      .flatMap(({ metrics }) => metrics)
      .filter(
        ({ higherIsBetter, rows }) => higherIsBetter === null && isKnown(rows.original?.value),
      )
      .map((metric) => ({ run, metric })),
  );
  const names = [...new Set(measured.map(({ metric }) => metric.metric))];
  return names.map((name) => {
    const those = measured.filter(({ metric }) => metric.metric === name);
    return {
      task,
      name: `${task} · ${name}`,
      unit: those[0]!.metric.unit,
      anchors: [],
      lines: those.map(({ run, metric }) => ({
        mark: run.letter,
        dots: dotsOf(run, metric),
        note: [metric.rows.subject, metric.rows.original]
          .map((estimate) => shown(estimate?.value, metric.unit))
          .join(', '),
      })),
    };
  });
}

function dotsOf(run: MarkedRun, { rows }: MetricResult): RowDot[] {
  const { subject, original } = rows;
  const dots: RowDot[] = [];
  if (original && isKnown(original.value))
    dots.push({ ...ends(original), symbol: 'diamond', isFilled: false, isBand: true });
  if (subject && isKnown(subject.value))
    dots.push({ ...ends(subject), symbol: run.symbol, isFilled: true });
  return dots;
}

function ends({ value, low, high }: Estimate) {
  return isKnown(low) && isKnown(high) ? { value, low, high } : { value };
}

function domainOf(groups: readonly DotGroup[], unit: string): [number, number] {
  const dots = groups.flatMap(({ lines }) => lines.flatMap((line) => line.dots));
  const most = Math.max(...dots.map(({ value, high }) => high ?? value));
  const least = Math.min(0, ...dots.map(({ value, low }) => low ?? value));
  return [least, unit === 'share' ? Math.max(1, most) : most > least ? most * 1.05 : least + 1];
}
