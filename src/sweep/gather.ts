import { join, relative } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { DramatisError } from '../errors.ts';
import { machineOf, type Results } from '../eval/results.ts';
import { readResults } from '../eval/results-file.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { damageOf, isDone } from './done-marker.ts';
import type { GatheredFile, GatheredRow, GatheredRun } from './gathered-file.ts';
import type { Sweep, SweepTask } from './manifest.ts';

export interface GatherOptions {
  /** Folder for `gathered.json` and `gathered.csv`; the manifest's unless given. */
  readonly out?: string | undefined;
  /** Whether results of several kinds of machine may stand side by side. */
  readonly acrossMachines?: boolean | undefined;
}

export interface Gathered {
  readonly file: GatheredFile;
  readonly json: string;
  readonly csv: string;
  /** Evaluations that are not done, or whose files are gone or changed. */
  readonly missing: readonly SweepTask[];
  /** What is wrong with the files of those that were done once, as a clause, by label. */
  readonly damage: ReadonlyMap<string, string>;
}

/**
 * Puts the results of a sweep's evaluations into one table. What is missing is named; the rest is gathered.
 *
 * Nothing in the table depends on when, how often or in what order the tasks ran.
 *
 * @throws {DramatisError} RESULTS_MISMATCH for results of several versions, or of several kinds of machine unless that is
 *   allowed; NO_ITEMS if there is none.
 */
export async function gather(
  sweep: Sweep,
  { out = sweep.folder, acrossMachines = false }: GatherOptions = {},
): Promise<Gathered> {
  const found: { readonly task: SweepTask; readonly results: Results }[] = [];
  const missing: SweepTask[] = [];
  const damage = new Map<string, string>();
  for (const task of sweep.manifest.tasks.filter(({ kind }) => kind === 'eval')) {
    if (!(await isDone(sweep, task))) {
      missing.push(task);
      const fault = await damageOf(sweep, task);
      if (fault !== undefined) damage.set(task.label, fault);
    } else {
      const { results } = await readResults(join(sweep.folder, task.outputs[0]!));
      found.push({ task, results });
    }
  }
  if (found.length === 0)
    throw new DramatisError(
      'NO_ITEMS',
      ['no evaluation of this sweep is done', ...damage.values()].join('; '),
      { remedy: 'Run it with "dramatis sweep run", or see "dramatis sweep status".' },
    );
  requireOne('versions', found, ({ versions }) => `${versions.dramatis} (${versions.commit})`);
  const machines = [...new Set(found.map(({ results }) => machineOf(results)))];
  if (!acrossMachines && machines.length > 1)
    throw new DramatisError(
      'RESULTS_MISMATCH',
      `results of ${machines.length} kinds of machine: ${machines.join('; ')}`,
      {
        remedy: 'Sums differ in the last digits between them: gather them with --across-machines.',
      },
    );
  const runs = found.map(({ task, results }): GatheredRun => {
    const { index, id, label, point, outputs } = task;
    const path = relative(out, join(sweep.folder, outputs[0]!));
    return { index, id, label, ...point, path, machine: machineOf(results) };
  });
  const file: GatheredFile = {
    format: 'dramatis-sweep-results',
    formatVersion: 1,
    study: sweep.manifest.study,
    program: sweep.manifest.program,
    machines,
    runs,
    missing: missing.map(({ label }) => label),
    rows: found.flatMap(({ task, results }) => rowsOf(task, results)),
  };
  const [json, csv] = [join(out, 'gathered.json'), join(out, 'gathered.csv')];
  await writeAtomic(csv, stringify([...file.rows], { header: true }));
  await writeAtomic(json, `${JSON.stringify(file, null, 2)}\n`);
  return { file, json, csv, missing, damage };
}

function requireOne(
  what: string,
  found: readonly { readonly task: SweepTask; readonly results: Results }[],
  of: (results: Results) => string,
): void {
  const first = of(found[0]!.results);
  const other = found.find(({ results }) => of(results) !== first);
  if (other)
    throw new DramatisError(
      'RESULTS_MISMATCH',
      `results of several ${what}: ${found[0]!.task.label} of ${first}, ${other.task.label} of ${of(other.results)}`,
      {
        remedy: 'Plan the study again into another folder with --out, and run it with one version.',
      },
    );
}

function rowsOf({ point, label }: SweepTask, { tasks, limit, split }: Results): GatheredRow[] {
  const { model, character, recipe, seed, levers } = point;
  return tasks.flatMap(({ task, metrics }) =>
    metrics.flatMap(({ metric, unit, rows }) =>
      Object.entries(rows).map(([row, estimate]): GatheredRow => {
        const { value, low, high, n, clusters: scenes } = estimate;
        return {
          ...{ label, model, character, recipe, seed, levers, split, limit },
          ...{ task, metric, unit, row, value, low, high, n, scenes },
        };
      }),
    ),
  );
}
