import { basename, join } from 'node:path';
import { DramatisError } from '../../errors.ts';
import type { Results } from '../../eval/results.ts';
import { readResults, readRows, readScenes, type StoredRow } from '../../eval/results-file.ts';
import { allTasks } from '../../eval/tasks/all.ts';
import type { Row, Values } from '../../measure/row.ts';
import { fileSha256 } from '../../store/sha256.ts';
import { lastAttempt } from '../../sweep/attempts.ts';
import { isDone, readMarker } from '../../sweep/done-marker.ts';
import { readSweep, type Sweep, type SweepTask } from '../../sweep/manifest.ts';
import { readSpeedFile } from '../../workspace/bench/speed-file.ts';
import { readCurve } from '../../workspace/runs/learning-curve.ts';
import type {
  Evaluation,
  Gap,
  PlayedScenes,
  StudyData,
  TimedModel,
  Training,
} from './study-data.ts';

export interface ReadStudyOptions {
  /**
   * Whether files count that are not what their task wrote: to find out which figures changed with them. A report is made of
   * what the markers vouch for alone.
   */
  readonly asFound?: boolean | undefined;
}

/**
 * Reads a study: every task that is done, with all its rows. What is not done, or damaged, is a gap with its reason.
 *
 * @throws {DramatisError} FILE_MISSING, STUDY_INVALID, SWEEP_CHANGED of the manifest; RESULTS_MISMATCH if evaluations are of
 *   several versions of the program or of a task, or of a task that this program has in another version; NO_ITEMS if
 *   nothing is done.
 */
export async function readStudy(
  folder: string,
  { asFound = false }: ReadStudyOptions = {},
): Promise<StudyData> {
  const sweep = await readSweep(folder);
  const reading = new Reading(sweep, asFound);
  for (const task of sweep.manifest.tasks) await reading.add(task);
  const data = reading.data();
  const found = data.evaluations.length + data.scenes.length + data.speeds.length;
  if (found === 0)
    throw new DramatisError('NO_ITEMS', `no task of ${folder} is done that gives a figure`, {
      remedy: `Run it with "dramatis study run ${folder}", or see "dramatis study status ${folder}".`,
    });
  requireOneVersion(data);
  for (const { name, prepare } of allTasks)
    if (data.evaluations.some(({ rows }) => rows.has(name))) await prepare?.();
  return data;
}

class Reading {
  readonly #sweep: Sweep;
  readonly #asFound: boolean;
  readonly #evaluations: Evaluation[] = [];
  readonly #scenes: PlayedScenes[] = [];
  readonly #speeds: TimedModel[] = [];
  readonly #trainings: Training[] = [];
  readonly #gaps: Gap[] = [];

  constructor(sweep: Sweep, asFound: boolean) {
    this.#sweep = sweep;
    this.#asFound = asFound;
  }

  async add(task: SweepTask): Promise<void> {
    let isVouched = false;
    try {
      isVouched = await isDone(this.#sweep, task);
      if (isVouched || this.#asFound) await this.#read(task);
      else this.#miss(task, await this.#whyNot(task));
    } catch (error) {
      if (!(error instanceof DramatisError)) throw error;
      this.#miss(task, this.#asFound && !isVouched ? 'not run' : `damaged: ${error.message}`);
    }
  }

  data(): StudyData {
    return {
      name: basename(this.#sweep.folder),
      manifest: this.#sweep.manifest,
      evaluations: this.#evaluations,
      scenes: this.#scenes,
      speeds: this.#speeds,
      trainings: this.#trainings,
      gaps: this.#gaps,
    };
  }

  async #read(task: SweepTask): Promise<void> {
    const [output] = task.outputs;
    const path = join(this.#sweep.folder, output!);
    const refOf = async (name: string) => {
      const sha256 = await fileSha256(join(this.#sweep.folder, name));
      return { path: name, sha256 };
    };
    switch (task.kind) {
      case 'train': {
        const { attempt } = await lastAttempt(this.#sweep, task);
        const seconds = attempt?.end?.seconds ?? null;
        const name = task.outputs.find((one) => one.endsWith('.curve.json'));
        if (name === undefined) return void this.#trainings.push({ task, seconds });
        const found = await readCurve(join(this.#sweep.folder, name));
        this.#trainings.push({ task, seconds, curve: { found, file: await refOf(name) } });
        return;
      }
      case 'eval': {
        const { results, record } = await readResults(path);
        const rows = byTask(await readRows(path));
        const file = await refOf(`${output}.rows.jsonl`);
        this.#evaluations.push({ task, results, record, rows, file });
        return;
      }
      case 'scenes': {
        const results = await readScenes(path);
        if (!results) throw new DramatisError('RESULTS_MISMATCH', `${output} has no scenes`);
        this.#scenes.push({ task, results, file: await refOf(output!) });
        return;
      }
      case 'speed':
        this.#speeds.push({ task, speed: await readSpeedFile(path), file: await refOf(output!) });
    }
  }

  #miss(task: SweepTask, why: string): void {
    this.#gaps.push({ task, why });
  }

  async #whyNot(task: SweepTask): Promise<string> {
    const gone = 'its files are gone, or are not as it wrote them';
    const { attempt, attempts } = await lastAttempt(this.#sweep, task);
    if (attempt === undefined && attempts > 0) return 'its record is damaged';
    // Files that came without the records of who made them say by their marker that they were whole.
    if (attempt === undefined) return (await readMarker(this.#sweep, task.id)) ? gone : 'not run';
    if (attempt.end === null) return 'not ended';
    if (attempt.end.outcome === 'done') return gone;
    return attempt.end.outcome;
  }
}

/** Rows by task and row. JSON has null for what was NaN, and a statistic that adds up would take it for 0: such a value is none. */
function byTask(stored: readonly StoredRow[]): Evaluation['rows'] {
  const tasks = new Map<string, Map<string, Row[]>>();
  for (const { task, row, ...one } of stored) {
    const rows = tasks.get(task) ?? new Map<string, Row[]>();
    const of = rows.get(row) ?? [];
    of.push({ ...one, values: known(one.values) });
    tasks.set(task, rows.set(row, of));
  }
  return tasks;
}

function known(values: Values): Values {
  const entries = Object.entries(values as Readonly<Record<string, number | null>>);
  return Object.fromEntries(entries.filter(([, value]) => value !== null)) as Values;
}

/** @throws {DramatisError} RESULTS_MISMATCH */
function requireOneVersion({ evaluations, scenes, speeds, trainings }: StudyData): void {
  const runs = [
    ...evaluations.map(({ task, results }) => ({ task, versions: results.versions })),
    ...scenes.map(({ task, results }) => ({ task, versions: results.versions })),
    ...speeds.map(({ task, speed }) => ({ task, versions: speed.versions })),
    ...trainings.flatMap(({ task, curve }) =>
      curve ? [{ task, versions: curve.found.versions }] : [],
    ),
  ].map(({ task, versions }) => ({
    label: task.label,
    version: [versions.dramatis, versions.commit].filter((one) => one !== undefined).join(', '),
  }));
  const [first] = runs;
  const other = runs.find(({ version }) => version !== first!.version);
  if (first && other)
    throw new DramatisError(
      'RESULTS_MISMATCH',
      `several versions of the program: ${first.label} of ${first.version}, ${other.label} of ${other.version}`,
      { remedy: 'Plan the study again into another folder, and run it with one version.' },
    );
  for (const { task, results } of evaluations) requireOurTasks(task.label, results);
}

function requireOurTasks(label: string, { tasks }: Results): void {
  const ours = new Map(allTasks.map(({ name, version }) => [name, version]));
  const other = tasks.find(({ task, version }) => ours.get(task) !== version);
  if (other)
    throw new DramatisError(
      'RESULTS_MISMATCH',
      `${label} is of version ${other.version} of ${other.task}; this program has ${ours.get(other.task) ?? 'no such task'}`,
      { remedy: 'Make the report with the program that ran the study, or run the study again.' },
    );
}
