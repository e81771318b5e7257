import { DramatisError } from '../../errors.ts';
import { machineOf, type Results } from '../../eval/results.ts';
import { readResults, readRows } from '../../eval/results-file.ts';
import { compareRuns } from '../../eval/run/compare.ts';
import { subjectRow } from '../../eval/run/task-rows.ts';
import { allTasks } from '../../eval/tasks/all.ts';
import type { Row } from '../../measure/row.ts';
import { comparisonText } from '../../report/bench/comparison-text.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { messages, output } from '../terminal/output.ts';

/** `dramatis eval compare`: two runs, item by item. */
export async function runCompare({
  a,
  b,
  json,
  out,
  acrossMachines,
}: {
  readonly a: string;
  readonly b: string;
  readonly json: boolean;
  /** File for the comparison as one object. */
  readonly out?: string | undefined;
  /** Whether the two may be of several kinds of machine. */
  readonly acrossMachines: boolean;
}): Promise<void> {
  for (const task of allTasks) await task.prepare?.();
  const [first, second] = await Promise.all([read(a), read(b)]);
  requireOneMachine([first!.results, second!.results], acrossMachines);
  const comparison = compareRuns(first!, second!, allTasks);
  if (out !== undefined) await writeAtomic(out, `${JSON.stringify(comparison, null, 2)}\n`);
  if (json) output.json(comparison);
  else output.line(comparisonText(comparison));
}

/** @throws {DramatisError} RESULTS_MISMATCH if sums may be rounded differently in the two. */
function requireOneMachine(results: readonly Results[], acrossMachines: boolean): void {
  // What another server computed with is not known.
  const own = results.filter(({ machine: { backends } }) => backends !== 'endpoint');
  const machines = [...new Set(own.map(machineOf))];
  if (machines.length < 2) return;
  const what = `the results are of two kinds of machine: ${machines.join('; ')}`;
  if (acrossMachines) messages.line(`Note: ${what}; small differences may be theirs`);
  else
    throw new DramatisError('RESULTS_MISMATCH', what, {
      remedy:
        'Small differences may be theirs: measure both on one kind, or compare them with --across-machines.',
    });
}

async function read(path: string) {
  const { results } = await readResults(path);
  const rows: Record<string, Row[]> = {};
  for (const { task, row, ...one } of await readRows(path, results.rowsSha256)) {
    if (row !== subjectRow) continue;
    const own = rows[task];
    if (own) own.push(one);
    else rows[task] = [one];
  }
  return { results, rows };
}
