import { readFile } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import type { Row } from '../measure/row.ts';
import { isContentWhole, withContentSha256 } from '../store/content-sha256.ts';
import { errnoOf, reasonOf } from '../store/disk.ts';
import { refuseDevice } from '../store/read-file-bytes.ts';
import { sha256 } from '../store/sha256.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import type { Results, RunRecord } from './results.ts';
import { harnessFields } from './run/assemble.ts';
import type { Measured } from './run/evaluate.ts';
import type { SceneResults } from './scenes/scene-results.ts';

/** Results with every item's row, by task and row. */
export interface StoredRun {
  readonly path: string;
  readonly results: Results;
  readonly record: RunRecord | null;
}

/** One item of one row, a line of FILE.rows.jsonl: from these every figure can be worked out again. */
export interface StoredRow extends Row {
  readonly task: string;
  readonly row: string;
}

/**
 * Writes FILE, FILE.rows.jsonl and FILE.run.json; the results last, so that where they are all is. They name the rows by their
 * checksum: a program killed in between leaves the results of a former run beside rows of this one. They end with a checksum of
 * themselves.
 */
export async function writeResults(
  path: string,
  {
    results,
    record,
    measured,
  }: { results: Results; record: RunRecord; measured: readonly Measured[] },
): Promise<void> {
  const rows = Buffer.concat([...lines(measured)]);
  await writeAtomic(`${path}.rows.jsonl`, rows);
  await writeAtomic(`${path}.run.json`, `${JSON.stringify(record, null, 2)}\n`);
  const all = { ...results, rowsSha256: sha256(rows), ...harnessFields(results) };
  await writeAtomic(path, `${JSON.stringify(withContentSha256(all), null, 2)}\n`);
}

function* lines(measured: readonly Measured[]): Generator<Buffer> {
  for (const { task, rows } of measured)
    for (const [row, of] of rows)
      for (const one of of) {
        const stored: StoredRow = { task: task.name, row, ...one };
        yield Buffer.from(`${JSON.stringify(stored)}\n`);
      }
}

/** The results of scenes that were played; undefined for a file that is something else, or not there. */
export async function readScenes(path: string): Promise<SceneResults | undefined> {
  const found = (await readJson(path)) as Partial<SceneResults> | undefined;
  const isScenes = found?.format === 'dramatis-scenes' && found.formatVersion === 1;
  return isScenes ? (found as SceneResults) : undefined;
}

/** @throws {DramatisError} FILE_MISSING; RESULTS_MISMATCH if the file is something else, of another version, or damaged. */
export async function readResults(path: string): Promise<StoredRun> {
  const found = await readJson(path);
  if (found === undefined) throw new DramatisError('FILE_MISSING', `there is no file ${path}`);
  const { format, formatVersion } = (found ?? {}) as Partial<Results>;
  if (format !== 'dramatis-bench')
    throw new DramatisError('RESULTS_MISMATCH', `${path} is not the results of a run`);
  if (formatVersion !== 1)
    throw new DramatisError(
      'RESULTS_MISMATCH',
      `${path} is of version ${formatVersion} of the format; version 1 is read here`,
    );
  if (!isContentWhole(found as object)) throw damaged(`${path} is damaged, or was changed by hand`);
  const record = (await readJson(`${path}.run.json`)) as RunRecord | undefined;
  return { path, results: found as Results, record: record ?? null };
}

/**
 * The rows beside the results of a run.
 *
 * @param rowsSha256 What the results say of them; left out, rows that were changed since are taken, too.
 * @throws {DramatisError} FILE_MISSING; RESULTS_MISMATCH if they are damaged, or of another run than the results.
 */
export async function readRows(path: string, rowsSha256?: string): Promise<StoredRow[]> {
  const text = await readIfThere(`${path}.rows.jsonl`);
  if (text === undefined)
    throw new DramatisError('FILE_MISSING', `there is no file ${path}.rows.jsonl`);
  if (rowsSha256 !== undefined && sha256(text) !== rowsSha256)
    throw damaged(`${path}.rows.jsonl is damaged, or of another run than ${path}`);
  try {
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as StoredRow);
  } catch (error) {
    throw damaged(`${path}.rows.jsonl is damaged`, error);
  }
}

async function readJson(path: string): Promise<unknown> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(`${path} is not JSON`, error);
  }
}

const damaged = (message: string, cause?: unknown): DramatisError =>
  new DramatisError('RESULTS_MISMATCH', message, {
    cause,
    remedy: 'Run the evaluation again: what it has measured before is not measured anew.',
  });

async function readIfThere(path: string): Promise<string | undefined> {
  await refuseDevice(path);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw new DramatisError('FILE_MISSING', `cannot read ${path}: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}
