import { requireSound } from '../corpus/gates/data-gate.ts';
import { type GivenRows, readRows } from '../corpus/rows/read-rows.ts';
import type { RowRequest } from '../corpus/rows/row-options.ts';
import type { TrainingRow } from '../corpus/rows/training-row.ts';
import { trainingRows } from '../corpus/rows/training-rows.ts';
import type { Source } from '../corpus/source.ts';
import { readBytes } from './read-bytes.ts';

const noRows: GivenRows = { rows: [], lines: [] };

/**
 * The rows a command line asks for, and those of its --data file, all through the gate.
 *
 * @returns With the rows that are not from the play.
 * @throws {DramatisError} DATA_REFUSED, naming rows or lines.
 */
export async function openRows(
  request: RowRequest & { readonly data?: string | undefined },
  source: Source,
): Promise<{ rows: TrainingRow[]; elsewhere: ReturnType<typeof requireSound>['elsewhere'] }> {
  const { data } = request;
  const made = trainingRows(source, request);
  const given =
    data === undefined
      ? noRows
      : readRows(new TextDecoder().decode(await readBytes(data)), source, data);
  const rows = [...made, ...given.rows];
  const { elsewhere } = requireSound(rows, [source], (row) => {
    const line = given.lines[row - made.length];
    return line === undefined ? `row ${row + 1}` : `line ${line} of ${data}`;
  });
  return { rows, elsewhere };
}
