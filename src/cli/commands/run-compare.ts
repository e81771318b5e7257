import { readResults, readRows } from '../../eval/results-file.ts';
import { compareRuns } from '../../eval/run/compare.ts';
import { subjectRow } from '../../eval/run/task-rows.ts';
import { allTasks } from '../../eval/tasks/all.ts';
import type { Row } from '../../measure/row.ts';
import { comparisonText } from '../../report/bench/comparison-text.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { output } from '../terminal/output.ts';

/** `dramatis eval compare`: two runs, item by item. */
export async function runCompare({
  a,
  b,
  json,
  out,
}: {
  readonly a: string;
  readonly b: string;
  readonly json: boolean;
  /** File for the comparison as one object. */
  readonly out?: string | undefined;
}): Promise<void> {
  for (const task of allTasks) await task.prepare?.();
  const [first, second] = await Promise.all([read(a), read(b)]);
  const comparison = compareRuns(first!, second!, allTasks);
  if (out !== undefined) await writeAtomic(out, `${JSON.stringify(comparison, null, 2)}\n`);
  if (json) output.json(comparison);
  else output.line(comparisonText(comparison));
}

async function read(path: string) {
  const { results } = await readResults(path);
  const rows: Record<string, Row[]> = {};
  for (const { task, row, ...one } of await readRows(path)) {
    if (row !== subjectRow) continue;
    const own = rows[task];
    if (own) own.push(one);
    else rows[task] = [one];
  }
  return { results, rows };
}
