import type { Measured } from '../../engine/bench/measured.ts';
import { DramatisError } from '../../errors.ts';
import { readFileBytes } from '../../store/read-file-bytes.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import type { MeasuredMachine } from './measured-machine.ts';

/** What `dramatis bench` measured in one run: a plain file, which says all that its figures depend on. */
export interface SpeedFile {
  readonly format: 'dramatis-speed';
  readonly formatVersion: 1;
  /** When it began; ISO 8601. */
  readonly date: string;
  readonly versions: { readonly dramatis: string; readonly commit: string };
  readonly machine: MeasuredMachine;
  readonly model: {
    readonly name: string;
    readonly description: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly parameters: number;
  };
  /** Threads asked for, or "auto"; layers on the GPU likewise. */
  readonly threads: number | 'auto';
  readonly gpu: number | 'auto' | 'off';
  readonly rows: readonly Measured[];
}

export async function writeSpeedFile(path: string, file: SpeedFile): Promise<void> {
  await writeAtomic(path, `${JSON.stringify(file, null, 2)}\n`);
}

/** @throws {DramatisError} FILE_MISSING; RESULTS_MISMATCH if the file is something else, damaged, or of another version. */
export async function readSpeedFile(path: string): Promise<SpeedFile> {
  const found = parsed(new TextDecoder().decode(await readFileBytes(path))) as
    | Partial<SpeedFile>
    | undefined;
  if (found?.format !== 'dramatis-speed') throw wrong(path, 'is not what "dramatis bench" writes');
  if (found.formatVersion !== 1)
    throw wrong(path, `is of version ${found.formatVersion} of the format; version 1 is read here`);
  if (!Array.isArray(found.rows) || !found.rows.every(isMeasured) || !found.model || !found.machine)
    throw wrong(path, 'lacks rows, or has rows without samples');
  return found as SpeedFile;
}

const wrong = (path: string, what: string): DramatisError =>
  new DramatisError('RESULTS_MISMATCH', `${path} ${what}`, {
    remedy: 'Give a file that "dramatis bench … --out FILE" wrote.',
  });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isMeasured(row: unknown): row is Measured {
  const { bench, what, unit, at, samples } = (row ?? {}) as Partial<Measured>;
  return (
    [bench, what, unit].every((field) => typeof field === 'string') &&
    typeof at === 'object' &&
    at !== null &&
    Array.isArray(samples) &&
    samples.length > 0 &&
    samples.every((sample) => typeof sample === 'number')
  );
}
