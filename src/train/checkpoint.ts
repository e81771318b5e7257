import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { type Disk, realDisk, syncFolder, unwritable } from '../store/disk.ts';
import { makePrivateFolder, privateFile } from '../store/private-files.ts';
import { sha256 } from '../store/sha256.ts';
import { sweep } from '../store/sweep.ts';
import { temporaryPath } from '../store/temporary.ts';
import { writeAtomic } from '../store/write-atomic.ts';

/** The state of a run after a step: with its recipe and data, all that later steps depend on but the factors. */
export interface TrainState {
  /** Steps done. */
  readonly step: number;
  /** Evaluations of the dev scenes since the best one. */
  readonly evalsSinceBest: number;
  /** The step that was last evaluated, 0 before the first; former versions did not note it. */
  readonly lastEval?: number;
  /** The best evaluation so far. */
  readonly best?: { readonly step: number; readonly nll: number };
  /** What the objective depends on besides: `Objective.save`. */
  readonly objective?: unknown;
}

export interface Checkpoint extends TrainState {
  /** Factors and moments: `Trainer.save`. */
  readonly state: Float32Array;
  /** Factors and moments at the best evaluation. */
  readonly bestState?: Float32Array | undefined;
}

interface Manifest extends TrainState {
  readonly format: 'dramatis-checkpoint';
  readonly version: 2;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** Manifests of version 1 call it `worse`. */
type ManifestV1 = Omit<Manifest, 'version' | 'evalsSinceBest'> & {
  readonly version: 1;
  readonly worse: number;
};

/** So many that are whole are kept. */
const keptWhole = 2;
const nameOf = (step: number): string => `step-${String(step).padStart(7, '0')}`;

/**
 * Writes a checkpoint into a folder of its own, which appears whole or not at all: the files, then the manifest with
 * their checksums and its own, then the rename. The two newest that are whole are kept. One of the same step that is whole
 * stays as it is, since a step of a run comes out the same each time.
 */
export async function writeCheckpoint(
  folder: string,
  { state, bestState, ...trainState }: Checkpoint,
  disk: Disk = realDisk,
): Promise<void> {
  const target = join(folder, nameOf(trainState.step));
  await makePrivateFolder(folder);
  await sweep(folder);
  // A run that is gone on with and ends at once is where it was: between removing this one and naming another there is none.
  if (await isWhole(target)) return;
  const temporary = temporaryPath(target);
  try {
    await writeFiles(temporary, { state, bestState, ...trainState }, disk);
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
  } catch (error) {
    // On a disk that is full half a checkpoint is in the way of all else.
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw unwritable(target, error);
  }
  await syncFolder(folder, disk);
  await dropOld(folder);
}

async function writeFiles(
  folder: string,
  { state, bestState, ...trainState }: Checkpoint,
  disk: Disk,
): Promise<void> {
  await makePrivateFolder(folder);
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const [file, values] of Object.entries({ state, best: bestState })) {
    if (!values) continue;
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    await writeAtomic(join(folder, `${file}.f32`), bytes, disk, { mode: privateFile });
    files[file] = { bytes: bytes.length, sha256: sha256(bytes) };
  }
  const manifest: Manifest = { format: 'dramatis-checkpoint', version: 2, ...trainState, files };
  const text = JSON.stringify(manifest);
  await writeAtomic(join(folder, 'manifest.json'), `${text}\n${sha256(text)}\n`, disk, {
    mode: privateFile,
  });
}

/** Removes all that are older than the two newest that are whole: a damaged one is nothing to go back to. */
async function dropOld(folder: string): Promise<void> {
  let whole = 0;
  for (const name of await checkpoints(folder)) {
    const path = join(folder, name);
    if (whole === keptWhole) await rm(path, { recursive: true, force: true });
    else if (await isWhole(path)) whole++;
  }
}

async function isWhole(folder: string): Promise<boolean> {
  try {
    await readOne(folder);
    return true;
  } catch (error) {
    if (error instanceof DramatisError) return false;
    throw error;
  }
}

/**
 * The newest checkpoint that is whole; undefined if there is none.
 *
 * @returns With a sentence for each that is damaged and was passed over.
 */
export async function readCheckpoint(
  folder: string,
): Promise<{ checkpoint: Checkpoint | undefined; warnings: readonly string[] }> {
  const warnings: string[] = [];
  for (const name of await checkpoints(folder)) {
    try {
      return { checkpoint: await readOne(join(folder, name)), warnings };
    } catch (error) {
      if (!(error instanceof DramatisError)) throw error;
      warnings.push(`${error.message}: went back to the one before`);
    }
  }
  return { checkpoint: undefined, warnings };
}

/** Names, the newest first. */
async function checkpoints(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^step-\d+$/.test(name)).sort((a, b) => (a < b ? 1 : -1));
}

async function readOne(folder: string): Promise<Checkpoint> {
  const damaged = (why: string): DramatisError =>
    new DramatisError('STORE_DAMAGED', `the checkpoint ${folder} is damaged: ${why}`);
  const lines = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => '');
  const [text = '', hash] = lines.split('\n');
  if (hash !== sha256(text)) throw damaged('its manifest is not what was written');
  const manifest = JSON.parse(text) as Manifest | ManifestV1;
  if (manifest.version !== 1 && manifest.version !== 2)
    throw damaged(`it is of version ${(manifest as { version: unknown }).version}, not 1 or 2`);
  const { files } = manifest;
  const read = async (file: string): Promise<Float32Array | undefined> => {
    const entry = files[file];
    if (!entry) return undefined;
    const bytes = await readFile(join(folder, `${file}.f32`)).catch(() => Buffer.alloc(0));
    if (bytes.length !== entry.bytes || sha256(bytes) !== entry.sha256)
      throw damaged(`${file}.f32 is not what was written`);
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  };
  const state = await read('state');
  if (!state) throw damaged('it has no state');
  return { ...trainStateOf(manifest), state, bestState: await read('best') };
}

function trainStateOf(manifest: Manifest | ManifestV1): TrainState {
  const { step, best, lastEval, objective } = manifest;
  const evalsSinceBest = manifest.version === 1 ? manifest.worse : manifest.evalsSinceBest;
  return {
    step,
    evalsSinceBest,
    ...(lastEval !== undefined && { lastEval }),
    ...(best && { best }),
    ...(objective !== undefined && { objective }),
  };
}
