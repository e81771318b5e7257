import { requireSound } from '../corpus/gates/data-gate.ts';
import { type GivenRows, readRows } from '../corpus/rows/read-rows.ts';
import type { RowRequest } from '../corpus/rows/row-options.ts';
import type { TrainingRow } from '../corpus/rows/training-row.ts';
import { trainingRows } from '../corpus/rows/training-rows.ts';
import type { Source } from '../corpus/source.ts';

const noRows: GivenRows = { rows: [], lines: [] };

/** A file of rows of the user's own, read. */
export interface GivenRowsFile {
  /** What errors call it. */
  readonly name: string;
  /** A JSON object a line. */
  readonly text: string;
}

/**
 * The rows of a play that the options ask for, and those of a file of the user's own, all through the gate.
 *
 * @returns With the rows that are not from the play.
 * @throws {DramatisError} DATA_REFUSED, naming rows or lines.
 */
export function openRows(
  request: RowRequest & { readonly data?: GivenRowsFile | undefined },
  source: Source,
): { rows: TrainingRow[]; elsewhere: ReturnType<typeof requireSound>['elsewhere'] } {
  const { data } = request;
  const made = trainingRows(source, request);
  const given = data === undefined ? noRows : readRows(data.text, source, data.name);
  const rows = [...made, ...given.rows];
  const { elsewhere } = requireSound(rows, [source], (row) => {
    const line = given.lines[row - made.length];
    return line === undefined ? `row ${row + 1}` : `line ${line} of ${data?.name}`;
  });
  return { rows, elsewhere };
}
