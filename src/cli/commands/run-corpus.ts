import { type ExportFormat, exportRow, unlearns } from '../../corpus/rows/export-rows.ts';
import type { RowRequest } from '../../corpus/rows/row-options.ts';
import type { TrainingRow } from '../../corpus/rows/training-row.ts';
import type { Source } from '../../corpus/source.ts';
import { crossFit } from '../../corpus/splits/split.ts';
import { trainPlay } from '../../corpus/splits/without-scenes.ts';
import { words } from '../../play/words.ts';
import { personaOf } from '../../prompt/persona/persona.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { openRows } from '../../workspace/open-rows.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { readGivenRows } from '../read-bytes.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';

export interface CorpusRequest extends RowRequest, WorkspaceOptions {
  readonly character: string;
  /** Default: the one known play that has the character. */
  readonly play?: string | undefined;
  /** A file with rows of the user's own. */
  readonly data?: string | undefined;
  readonly fold?: number | undefined;
  readonly format: ExportFormat;
  readonly json: boolean;
  readonly out?: string | undefined;
  readonly signal: AbortSignal;
}

/** `dramatis corpus`: the rows on stdout or in a file, what they come to on stderr. */
export async function runCorpus(request: CorpusRequest): Promise<void> {
  const { format, json, out, fold } = request;
  const data = await readGivenRows(request.data);
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(request, progress.report);
  const digests = request.kinds?.includes('know');
  const opened = await dramatis.source({ ...request, digests }, request);
  const source = fold === undefined ? opened : { ...opened, split: crossFit(opened.split, fold) };
  const { rows, elsewhere } = openRows({ ...request, data }, source);
  const lines = json ? rows.map((row) => JSON.stringify(row)) : exported(rows, format, source);
  const text = lines.map((line) => `${line}\n`).join('');
  if (out === undefined) output.file(text);
  else await writeAtomic(out, text);
  const of = request.everyone ? 'everybody' : source.character!.name;
  messages.line(`${of} in ${source.play.title}: ${summary(rows)}`);
  const authors = [...new Set(elsewhere.map((row) => row.source))];
  if (authors.length > 0)
    messages.line(`${elsewhere.length} rows are not from the play: ${authors.join('; ')}`);
  const unsaid = json ? 0 : rows.filter(unlearns).length;
  if (unsaid > 0)
    messages.line(`${unsaid} rows unlearn, which "${format}" cannot say: --json prints them`);
  if (out !== undefined) messages.line(`Written to ${out}.`);
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
    for (const { text, lossWeight } of turns) {
      const count = words(text).length;
      all += count;
      if (lossWeight <= 0) continue;
      learnt += count;
      speeches++;
    }
  const n = (count: number): string => count.toLocaleString('en');
  return `${n(rows.length)} rows, ${n(all)} words, ${n(learnt)} of them learnt in ${n(speeches)} speeches`;
}
