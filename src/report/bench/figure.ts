import { isKnown, shownRange } from './number.ts';
import { headlines, type MarkedRun } from './run.ts';

/** A figure of the report, or why it is not there. */
export type BenchFigure =
  | {
      readonly kind: 'drawn';
      /** Name of its file, without an ending: "score-by-task". */
      readonly name: string;
      readonly title: string;
      /** What the marks mean, and what they were made from. */
      readonly caption: string;
      readonly svg: string;
    }
  | {
      readonly kind: 'left out';
      readonly name: string;
      readonly title: string;
      /** One sentence. */
      readonly why: string;
    };

const hashDigits = 8;

/** Enough to tell two files apart in a caption; the whole hash is in the report's last table. */
const shortHash = (hash: string): string => hash.slice(0, hashDigits);

/**
 * How many items, what kind of interval, and which files the figures of these runs come from: the end of every caption.
 *
 * @param tasks Those that are shown; without it, all.
 */
export function provenance(runs: readonly MarkedRun[], tasks?: readonly string[]): string {
  const estimates = runs
    .flatMap((run) => headlines(run))
    .filter(({ task }) => tasks?.includes(task.task) ?? true)
    .flatMap(({ metric: { rows } }) => rows.subject ?? rows.original ?? []);
  const methods = [...new Set(estimates.map(({ method }) => method))].filter(
    (method) => method !== 'none',
  );
  const plays = new Map(runs.map(({ results: { play } }) => [play.id, shortHash(play.sha256)]));
  const files = runs.map(({ letter, results: { subject } }) => {
    const adapter = subject.adapter ? ` + adapter ${shortHash(subject.adapter.sha256)}` : '';
    return `${letter} ${shortHash(subject.modelSha256)}${adapter}`;
  });
  return [
    `n = ${shownRange(estimates.map(({ n }) => n))} items a task in ${shownRange(estimates.map(({ clusters }) => clusters).filter(isKnown))} scenes;`,
    `${methods.length > 0 ? `95 % intervals: ${methods.join(', ')}` : 'no intervals'};`,
    `sha256: ${[...plays].map(([id, hash]) => `${id} ${hash}`).join(', ')}; models ${files.join(', ')}.`,
  ].join(' ');
}
