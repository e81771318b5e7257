import { requireSound } from '../corpus/data-gate.ts';
import { type ExportFormat, exportRow } from '../corpus/export-rows.ts';
import { type GivenRows, readRows } from '../corpus/read-rows.ts';
import type { RowRequest } from '../corpus/row-options.ts';
import type { Source } from '../corpus/source.ts';
import { crossFit } from '../corpus/split.ts';
import type { TrainingRow } from '../corpus/training-row.ts';
import { trainingRows } from '../corpus/training-rows.ts';
import { trainPlay } from '../corpus/without-scenes.ts';
import { words } from '../play/words.ts';
import { personaOf } from '../prompt/persona.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { openSource } from './open-source.ts';
import { FetchProgress } from './progress.ts';
import { readBytes } from './read-bytes.ts';

export interface CorpusRequest extends RowRequest {
  readonly character: string;
  /** Default: the one known play that has the character. */
  readonly play?: string | undefined;
  /** A file with rows of the user's own. */
  readonly data?: string | undefined;
  readonly fold?: number | undefined;
  readonly format: ExportFormat;
  readonly json: boolean;
  readonly out?: string | undefined;
  readonly offline: boolean;
  readonly signal: AbortSignal;
}

/** `dramatis corpus`: the rows on stdout or in a file, what they come to on stderr. */
export async function runCorpus(request: CorpusRequest): Promise<void> {
  const { format, json, out, offline, signal, data, fold } = request;
  using progress = new FetchProgress();
  const opened = await openSource(request, { offline, signal, report: progress.report });
  const source = fold === undefined ? opened : { ...opened, split: crossFit(opened.split, fold) };
  const made = trainingRows(source, request);
  const given = data === undefined ? noRows : await rowsOfFile(data, source);
  const rows = [...made, ...given.rows];
  const { elsewhere } = requireSound(rows, [source], (row) => {
    const line = given.lines[row - made.length];
    return line === undefined ? `row ${row + 1}` : `line ${line} of ${data}`;
  });
  const lines = json ? rows.map((row) => JSON.stringify(row)) : exported(rows, format, source);
  const text = lines.map((line) => `${line}\n`).join('');
  if (out === undefined) process.stdout.write(text);
  else await writeAtomic(out, text);
  const of = request.everyone ? 'everybody' : source.character!.name;
  console.error(`${of} in ${source.play.title}: ${summary(rows)}`);
  const authors = [...new Set(elsewhere.map((row) => row.source))];
  if (authors.length > 0)
    console.error(`${elsewhere.length} rows are not from the play: ${authors.join('; ')}`);
  const unsaid = json ? 0 : rows.filter((row) => row.kind === 'contrast').length;
  if (unsaid > 0)
    console.error(`${unsaid} rows unlearn, which "${format}" cannot say: --json prints them`);
  if (out !== undefined) console.error(`Written to ${out}.`);
}

const noRows: GivenRows = { rows: [], lines: [] };

async function rowsOfFile(path: string, source: Source): Promise<GivenRows> {
  return readRows(new TextDecoder().decode(await readBytes(path)), source, path);
}

/** Personas are made of the train scenes alone, like the rows. */
function exported(
  rows: readonly TrainingRow[],
  format: ExportFormat,
  { play, split }: Source,
): string[] {
  const shown = trainPlay(play, split);
  const personas = new Map(
    shown.cast
      .filter(({ name }) => rows.some(({ speaker }) => speaker === name))
      .map((member) => [member.name, personaOf(shown, member)]),
  );
  return rows.flatMap((row) => exportRow(row, format, personas.get(row.speaker)!));
}

function summary(rows: readonly TrainingRow[]): string {
  let [all, learnt, speeches] = [0, 0, 0];
  for (const { turns } of rows)
    for (const { text, learn } of turns) {
      const count = words(text).length;
      all += count;
      if (learn <= 0) continue;
      learnt += count;
      speeches++;
    }
  const n = (count: number): string => count.toLocaleString('en');
  return `${n(rows.length)} rows, ${n(all)} words, ${n(learnt)} of them learnt in ${n(speeches)} speeches`;
}
