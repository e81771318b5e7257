import type { CanonMetric, CanonResults, CanonTask } from '../../eval/canon/canon-results.ts';
import { significance } from '../../eval/run/compare.ts';
import { isKnown, missing, shown, shownInterval, shownP } from '../bench/number.ts';
import { fitted, textRow, wrapped } from '../bench/text-row.ts';

/** Widths of the columns, figures to the right. */
const widths = [9, 17, -6, -16, -6, -6];

/** A run over several plays as lines of at most 80 columns: each task's first figure, what it tells, and each play's. */
export function canonText(results: CanonResults): string {
  const { subject, plays, split, tasks, limit } = results;
  const adapter = subject.adapter ? ` with ${subject.adapter.id ?? subject.adapter.file}` : '';
  const many = `${plays.length} ${plays.length === 1 ? 'play' : 'plays'}`;
  return [
    ...wrapped(`${subject.model}${adapter} on ${many}, ${split} scenes; means over plays`),
    '',
    textRow(['task', 'metric', 'score', '95 % interval', 'base', 'floor', 'verdict'], widths),
    ...tasks.map(rowOf),
    '',
    ...tasks.flatMap(toldOf).flatMap(wrapped),
    ...(limit === null ? [] : wrapped(`At most ${limit} items a task and play were asked.`)),
    ...(plays.length < 3 ? wrapped('Fewer than three plays: no interval, so descriptive.') : []),
    ...tasks.flatMap(({ task, broken }) =>
      broken.flatMap((text) => wrapped(`! Out of order, do not trust ${task}. ${text}`)),
    ),
    ...tasks.flatMap(playsOf),
  ]
    .map(fitted)
    .join('\n')
    .trimEnd();
}

function rowOf({ task, metrics }: CanonTask): string {
  const metric = metrics[0]!;
  const { rows, unit, floor } = metric;
  const first = rows.subject ?? Object.values(rows)[0]!;
  return textRow(
    [
      task,
      metric.metric,
      shown(first.value, unit),
      shownInterval(first, unit) || missing,
      shown(rows.base?.value, unit),
      shown(floor, unit),
      verdictOf(metric),
    ],
    widths,
  );
}

/** Against the base model where there is one, else against the floor: an interval and the plays' signs must agree. */
function verdictOf({ rows, differences, floor, higherIsBetter, pastFloor }: CanonMetric): string {
  const { subject } = rows;
  if (!subject || higherIsBetter === null) return missing;
  const against = differences.base;
  if (!against && (floor === undefined || !pastFloor)) return missing;
  const [low, high, p] = against
    ? [against.low, against.high, against.pHolm]
    : [subject.low - floor!, subject.high - floor!, pastFloor!.p];
  if (!isKnown(low) || !isKnown(high) || p >= significance) return 'cannot tell';
  if (low <= 0 && high >= 0) return 'cannot tell';
  const isBetter = low > 0 === higherIsBetter;
  if (against) return isBetter ? 'better' : 'worse';
  return isBetter ? 'past floor' : 'below floor';
}

/** Sentences: how many plays agree, and what difference could have been seen. */
function toldOf({ task, items, metrics }: CanonTask): string[] {
  const { metric, unit, rows, differences, floor, pastFloor } = metrics[0]!;
  const { subject } = rows;
  if (!subject) return [];
  const { plays, scenes } = subject;
  const head = `${task}: ${items} items in ${scenes} scenes of ${plays} plays.`;
  const signs = pastFloor
    ? `${metric} is above ${shown(floor, unit)} in ${pastFloor.above} of ${plays} plays (sign test p ${shownP(pastFloor.p)}).`
    : '';
  const against = Object.entries(differences)
    .filter(([name]) => ['base', 'prompted base', 'naive Bayes'].includes(name))
    .map(([name, { value, above, low, high, pHolm, detectable }]) => {
      const interval = shownInterval({ low, high }, unit);
      const seen = isKnown(detectable) ? `; seen mostly from ${shown(detectable, unit)} on` : '';
      return `Less ${name}: ${shown(value, unit)} ${interval}, above it in ${above} of ${plays} plays (p ${shownP(pHolm)}${seen}).`;
    });
  return [[head, signs, ...against].filter((text) => text !== '').join(' ')];
}

/** Each play's own figures: no interval is given for one play alone here. */
function playsOf({ task, metrics }: CanonTask): string[] {
  const { metric, unit, rows } = metrics[0]!;
  const names = ['subject', 'prompted base', 'base', 'naive Bayes'].filter((name) => rows[name]);
  if (names.length === 0) return [];
  const ids = Object.keys(rows[names[0]!]!.byPlay);
  return [
    '',
    `${task}: ${metric} by play`,
    textRow(['', ...names.map((name) => name)], [26, ...names.map(() => -13)]),
    ...ids.map((id) =>
      textRow(
        [id, ...names.map((name) => shown(rows[name]!.byPlay[id], unit))],
        [26, ...names.map(() => -13)],
      ),
    ),
  ];
}
