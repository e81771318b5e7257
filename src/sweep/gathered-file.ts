import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf, unreadable } from '../store/disk.ts';
import { refuseDevice } from '../store/read-file-bytes.ts';
import type { Manifest, SweepPoint } from './manifest.ts';

/** One evaluation of a sweep. */
export interface GatheredRun extends SweepPoint {
  readonly index: number;
  readonly id: string;
  readonly label: string;
  /** File of its results, relative to the folder of the table. */
  readonly path: string;
  readonly machine: string;
}

/** One figure: a metric of a task, for one row of a run ("subject", "base", an anchor). */
export interface GatheredRow {
  readonly label: string;
  readonly model: string;
  readonly character: string;
  readonly recipe: string;
  readonly seed: number | null;
  readonly levers: string | null;
  readonly split: string;
  readonly limit: number | null;
  readonly task: string;
  readonly metric: string;
  readonly unit: string;
  readonly row: string;
  readonly value: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Items, and the scenes they are of. */
  readonly n: number;
  readonly scenes: number;
}

/** What `dramatis sweep gather` writes, and `dramatis eval report` reads. */
export interface GatheredFile {
  readonly format: 'dramatis-sweep-results';
  readonly formatVersion: 1;
  readonly study: Manifest['study'];
  readonly program: string;
  /** Kinds of machine that the results are from: more than one only where that was allowed. */
  readonly machines: readonly string[];
  readonly runs: readonly GatheredRun[];
  /** Labels of evaluations that were not done. */
  readonly missing: readonly string[];
  readonly rows: readonly GatheredRow[];
}

/** The results files that a gathered table is of, with their labels; undefined for a file that is something else. */
export async function resultsIn(
  path: string,
): Promise<readonly { readonly path: string; readonly label: string }[] | undefined> {
  await refuseDevice(path);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
  const file = parsed(text);
  if (file?.format !== 'dramatis-sweep-results' || file.formatVersion !== 1) return undefined;
  return file.runs.map((run) => ({ path: join(dirname(path), run.path), label: run.label }));
}

function parsed(text: string): GatheredFile | undefined {
  try {
    return JSON.parse(text) as GatheredFile;
  } catch {
    return undefined; // whoever reads results says what is wrong with it
  }
}
