import type { MetricResult } from '../../eval/results.ts';
import {
  isKnown,
  missing,
  shown,
  shownEstimate,
  shownInterval,
  shownP,
  shownRange,
  shownSigned,
} from './number.ts';
import { askedTasks, componentsOf, groundOf, headlineOf, type MarkedRun } from './run.ts';
import { figure, table } from './table.ts';
import { metricTitle } from './task-table.ts';
import { isPastFloor, verdictAgainst, verdictInShort } from './verdict.ts';

/** What was measured: a line for each run, with how well its base model knows the text already. */
export function runTable(runs: readonly MarkedRun[]): string {
  const exposures = [...new Set(runs.flatMap(({ results }) => Object.keys(results.exposure)))];
  const heads = ['', 'run', 'model', 'beside the weights', 'play, character, split'];
  return table(
    [...heads, 'parameters', 'MB', ...exposures.map((name) => `exposure: ${name}`)],
    runs.map((run) => {
      const { subject, exposure } = run.results;
      return [
        run.letter,
        run.label,
        subject.model,
        componentsOf(run),
        groundOf(run),
        figure(millions(subject.parameters)),
        figure(isKnown(subject.modelBytes) ? (subject.modelBytes / 1e6).toFixed(0) : missing),
        ...exposures.map((name) => figure(shownEstimate(exposure[name], 'share'))),
      ];
    }),
  );
}

const millions = (count: number): string =>
  isKnown(count)
    ? `${(count / 1e6).toLocaleString('en', { maximumFractionDigits: 0 })} M`
    : missing;

/** The first metric of each task of one run, beside its base model (bare, and with the persona), floor and ceiling. */
export function scoreTable(run: MarkedRun): string {
  const heads = [
    'task',
    'metric',
    'score',
    '95 % interval',
    'base',
    'prompted',
    'minus base',
    'p (Holm)',
  ];
  return table(
    [...heads, 'floor', 'ceiling', 'n', 'verdict'],
    askedTasks([run]).map((name) => {
      const { task, metric } = headlineOf(run, name)!;
      const { unit, rows, differences, floor, ceiling } = metric;
      return [
        task.task,
        metricTitle(metric),
        figure(shown(rows.subject?.value, unit)),
        figure(shownInterval(rows.subject, unit) || missing),
        figure(shown(rows.base?.value, unit)),
        figure(shown(rows['prompted base']?.value, unit)),
        figure(shownSigned(differences.base?.value, unit)),
        figure(shownP(differences.base?.pHolm)),
        figure(shown(floor, unit)),
        figure(shown(ceiling, unit)),
        figure(shownRange([rows.subject?.n])),
        verdictInShort(metric),
      ];
    }),
  );
}

/** The first metric of each task of several runs side by side. */
export function sideBySideTable(runs: readonly MarkedRun[]): string {
  return table(
    [
      'task',
      'metric',
      'floor',
      'ceiling',
      ...runs.map(({ letter, label }) => `${letter}  ${label}`),
    ],
    askedTasks(runs).map((task) => {
      const found = runs.map((run) => headlineOf(run, task));
      const metric = found.find((headline) => headline)?.metric;
      return [
        task,
        metric ? metricTitle(metric) : '',
        figure(shown(metric?.floor, metric?.unit ?? '')),
        figure(shown(metric?.ceiling, metric?.unit ?? '')),
        ...found.map((headline) =>
          figure(
            headline ? shownEstimate(headline.metric.rows.subject, headline.metric.unit) : missing,
          ),
        ),
      ];
    }),
  );
}

/** Where each of several runs stands against its base model, and which do not get past a floor. */
export function verdictTable(runs: readonly MarkedRun[]): string {
  return table(
    ['task', 'metric', ...runs.map(({ letter, label }) => `${letter}  ${label}`)],
    askedTasks(runs).map((task) => {
      const found = runs.map((run) => headlineOf(run, task));
      const metric = found.find((headline) => headline)?.metric;
      return [
        task,
        metric ? metricTitle(metric) : '',
        ...found.map((headline) => (headline ? verdictCell(headline.metric) : missing)),
      ];
    }),
  );
}

function verdictCell(metric: MetricResult): string {
  const difference = shownSigned(metric.differences.base?.value, metric.unit);
  const against =
    verdictAgainst(metric, 'base') === null ? [] : [`${difference} ${verdictInShort(metric)}`];
  const floor = isPastFloor(metric) === false ? ['not past floor'] : [];
  return [...against, ...floor].join('; ') || verdictInShort(metric);
}
