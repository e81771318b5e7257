import { stringify } from 'csv-stringify/sync';
import type { NumberEntry } from './ledger.ts';
import type { StudyData } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';

/** A table of the report as a file. */
export interface StudyTable {
  /** Without an ending. */
  readonly name: string;
  readonly csv: string;
}

/** What every figure is drawn from, the numbers of the report, and how each task of the study stands. */
export function studyTables(
  data: StudyData,
  figures: readonly StudyFigure[],
  numbers: readonly NumberEntry[],
): StudyTable[] {
  const drawn = figures.flatMap((figure) =>
    figure.kind === 'drawn' ? [{ name: figure.name, csv: csvOf(figure.table) }] : [],
  );
  return [
    ...drawn,
    { name: 'numbers', csv: csvOf(numbers.map(numberRow)) },
    { name: 'tasks', csv: csvOf(taskRows(data)) },
  ];
}

const numberRow = ({ id, value, low, high, n, how, from }: NumberEntry) => ({
  ...{ id, value, low, high, n, how },
  files: from.map(({ path, rows }) => `${path}#${rows}`).join(' '),
});

function taskRows({ manifest, gaps }: StudyData) {
  const why = new Map(gaps.map((gap) => [gap.task.id, gap.why]));
  return manifest.tasks.map(({ id, label, kind, argv }) => ({
    ...{ label, kind, state: why.get(id) ?? 'done', command: `dramatis ${argv.join(' ')}` },
  }));
}

function csvOf(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cleaned = rows.map((row) =>
    Object.fromEntries(
      columns.map((column) => {
        const value = row[column];
        return [column, typeof value === 'number' && !Number.isFinite(value) ? null : value];
      }),
    ),
  );
  return stringify(cleaned, { header: true, columns });
}
