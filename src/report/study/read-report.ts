import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../../errors.ts';
import { errnoOf, unreadable } from '../../store/disk.ts';
import { refuseDevice } from '../../store/read-file-bytes.ts';
import type { NumberEntry } from './ledger.ts';
import type { NumbersFile } from './study-report.ts';

/**
 * Reads what a report says: its numbers and its page.
 *
 * @throws {DramatisError} FILE_MISSING; RESULTS_MISMATCH if numbers.json is something else.
 */
export async function readReport(
  folder: string,
): Promise<{ readonly numbers: readonly NumberEntry[]; readonly html: string }> {
  const path = join(folder, 'numbers.json');
  const found = parsed(await read(path)) as Partial<NumbersFile> | null | undefined;
  if (found?.format !== 'dramatis-report-numbers' || !Array.isArray(found.numbers))
    throw wrong(path, 'is not the list of numbers that "dramatis report" writes');
  if (found.formatVersion !== 1)
    throw wrong(path, `is of version ${found.formatVersion} of the format; version 1 is read here`);
  return { numbers: found.numbers, html: await read(join(folder, 'report.html')) };
}

const wrong = (path: string, what: string): DramatisError =>
  new DramatisError('RESULTS_MISMATCH', `${path} ${what}`, {
    remedy: 'Make the report again: "dramatis report STUDY --out DIR".',
  });

async function read(path: string): Promise<string> {
  await refuseDevice(path);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT')
      throw new DramatisError('FILE_MISSING', `there is no file ${path}`, {
        remedy: 'Make the report first: "dramatis report STUDY --out DIR".',
      });
    throw unreadable(path, error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
