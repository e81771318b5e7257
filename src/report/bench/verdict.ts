import type { MetricResult } from '../../eval/results.ts';
import { type ComparisonVerdict, significance } from '../../eval/run/compare.ts';
import {
  isFromFew,
  isKnown,
  shown,
  shownEstimate,
  shownInterval,
  shownP,
  shownSigned,
} from './number.ts';
import type { Headline } from './run.ts';

/** Where the subject stands against a row on the same items. Null if the row, its difference or its test is missing. */
export function verdictAgainst(metric: MetricResult, row: string): ComparisonVerdict | null {
  const difference = metric.differences[row];
  if (!difference || !isKnown(difference.value) || !isKnown(difference.pHolm)) return null;
  if (difference.pHolm >= significance || difference.value === 0) return 'cannot tell';
  if (metric.higherIsBetter === null) return 'different';
  return difference.value > 0 === metric.higherIsBetter ? 'better' : 'worse';
}

/**
 * Whether the whole interval lies on the good side of the floor. Null where there is no floor, no direction, or no room:
 * who recites nothing is at the floor of recitation and cannot be past it.
 */
export function isPastFloor(metric: MetricResult): boolean | null {
  const subject = metric.rows.subject;
  if (metric.higherIsBetter === null || !isKnown(metric.floor)) return null;
  if (metric.unit === 'share' && metric.floor === Number(metric.higherIsBetter)) return null;
  const end = metric.higherIsBetter ? subject?.low : subject?.high;
  if (!isKnown(end)) return null;
  return metric.higherIsBetter ? end > metric.floor : end < metric.floor;
}

/** In a word or three, for a table: against the base model, or if there is none, against the floor. */
export function verdictInShort(metric: MetricResult): string {
  const verdict = verdictAgainst(metric, 'base');
  switch (verdict) {
    case 'better':
    case 'worse':
    case 'cannot tell':
      return verdict;
    case 'different':
      return 'differs';
    case null: {
      const past = isPastFloor(metric);
      if (past === null) return '–';
      return past ? 'past floor' : 'not past floor';
    }
  }
}

/** A sentence that says how sure it is, and whether it tells anything. */
export interface Finding {
  readonly isTold: boolean;
  readonly text: string;
}

/**
 * What the first metric of a task tells: against its floor, and against the base model without and with a prompt. None
 * if only anchors were measured.
 */
export function findings({ task, metric }: Headline): Finding[] {
  const name = `${task.task}, ${metric.metric}`;
  const { subject } = metric.rows;
  if (!subject) return [];
  if (!isKnown(subject.value)) return [{ isTold: false, text: `${name}: no figure.` }];
  const score = `${name}: ${shownEstimate(subject, metric.unit)}`;
  const floor = againstFloor(metric);
  const rows = (['base', 'prompted base'] as const).flatMap((row) => againstRow(metric, row) ?? []);
  return [true, false].flatMap((isTold) => {
    const told = rows.filter((found) => found.isTold === isTold).map(({ text }) => text);
    const joined = isTold ? told.join(', and ') : told.join(' or ');
    const compared = joined === '' || isTold ? joined : `may be no different from ${joined}`;
    const texts = [floor?.isTold === isTold ? floor.text : '', compared].filter(
      (text) => text !== '',
    );
    return texts.length > 0 ? [{ isTold, text: `${score} ${texts.join(', and ')}.` }] : [];
  });
}

function againstFloor(metric: MetricResult): Finding | null {
  const isTold = isPastFloor(metric);
  if (isTold === null) return null;
  const floor = shown(metric.floor, metric.unit);
  return { isTold, text: `${isTold ? 'is past' : 'may be no better than'} its floor of ${floor}` };
}

const rowNames = { base: 'the base model', 'prompted base': 'the prompted base model' } as const;

/** What difference would have been seen, or that none could have been. */
function leastSeen({ rows, unit }: MetricResult, detectable: number): string {
  const clusters = rows.subject?.clusters;
  if (isFromFew(clusters) || (unit === 'share' && detectable > 1)) {
    const scenes = `${clusters} ${clusters === 1 ? 'scene' : 'scenes'}`;
    return `; nothing could be seen with ${scenes}`;
  }
  return isKnown(detectable) ? `; mostly seen from ${shown(detectable, unit)} on` : '';
}

/** A whole predicate if it is told, else only what it may be no different from, and how far it was seen to be. */
function againstRow(metric: MetricResult, row: keyof typeof rowNames): Finding | null {
  const verdict = verdictAgainst(metric, row);
  const difference = metric.differences[row];
  if (verdict === null || !difference) return null;
  const { unit } = metric;
  const clusters = metric.rows.subject?.clusters;
  const interval = shownInterval({ ...difference, clusters }, unit);
  const by = `${shownSigned(difference.value, unit)} ${interval}`.trim();
  if (verdict === 'cannot tell') {
    const least = leastSeen(metric, difference.detectable);
    return { isTold: false, text: `${rowNames[row]} (${by}${least})` };
  }
  const direction = verdict === 'different' ? 'differs from' : `is ${verdict} than`;
  const p = shownP(difference.pHolm);
  const equals = p.startsWith('<') ? '' : '= ';
  return { isTold: true, text: `${direction} ${rowNames[row]} by ${by}, p ${equals}${p}` };
}
