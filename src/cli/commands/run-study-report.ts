import { join } from 'node:path';
import { DramatisError } from '../../errors.ts';
import { findBrowser, printPdf } from '../../report/page/print-pdf.ts';
import { readStudy } from '../../report/study/read-study.ts';
import { studyDate } from '../../report/study/study-date.ts';
import { studyReport } from '../../report/study/study-report.ts';
import { makeFolder } from '../../store/make-folder.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { messages, output } from '../terminal/output.ts';

/** Missing tasks that are named one by one. */
const mostGaps = 20;

/** `dramatis report`: writes all files of a report, the numbers last, and prints both pages where there is a browser. */
export async function runStudyReport({
  study,
  out,
  pdf,
  json,
  signal,
}: {
  readonly study: string;
  readonly out: string;
  /** Undefined: where there is a browser. */
  readonly pdf: boolean | undefined;
  readonly json: boolean;
  readonly signal: AbortSignal;
}): Promise<void> {
  const data = await readStudy(study);
  const { files, leftOut, numbers } = studyReport(data);
  for (const folder of ['figures', 'tables']) await makeFolder(join(out, folder));
  for (const [name, text] of files) {
    signal.throwIfAborted();
    await writeAtomic(join(out, name), text);
  }
  const printed =
    pdf === false
      ? []
      : await print(out, files, { isAsked: pdf === true, date: studyDate(data), signal });
  const gaps = data.gaps.map(({ task: { label }, why }) => ({ task: label, why }));
  if (json) {
    const all = [...files.keys(), ...printed];
    output.json({
      files: all,
      numbers: numbers.numbers.length,
      leftOut: leftOut.map(({ name, why, command }) => ({ name, why, command })),
      gaps,
    });
    return;
  }
  output.line(join(out, 'report.html'));
  messages.line(
    `wrote ${files.size + printed.length} files to ${out}, with ${numbers.numbers.length} numbers`,
  );
  for (const { title, why, command } of leftOut)
    messages.line(`no figure "${title}": ${why} Try: ${command}`);
  for (const { task, why } of gaps.slice(0, mostGaps)) messages.line(`missing: ${task} (${why})`);
  if (gaps.length > mostGaps)
    messages.line(`and ${gaps.length - mostGaps} others: tables/tasks.csv has all`);
}

/** Prints both pages to PDF. @returns Names of the files. @throws {DramatisError} PDF_FAILED if it was asked for and cannot be. */
async function print(
  out: string,
  files: ReadonlyMap<string, string>,
  {
    isAsked,
    date,
    signal,
  }: { readonly isAsked: boolean; readonly date: Date; readonly signal: AbortSignal },
): Promise<string[]> {
  const browser = findBrowser();
  if (browser === undefined) {
    const named = process.env.DRAMATIS_BROWSER;
    const why = `${named ? `there is no ${named}, which DRAMATIS_BROWSER names` : 'no Chromium, Chrome or Edge was found'}, so there are no PDFs`;
    if (isAsked) throw new DramatisError('PDF_FAILED', why);
    messages.line(`${why}: install one, or name it with DRAMATIS_BROWSER`);
    return [];
  }
  const printed: string[] = [];
  for (const name of ['report', 'slides']) {
    try {
      await printPdf(browser, {
        html: files.get(`${name}.html`)!,
        pdf: join(out, `${name}.pdf`),
        date,
        signal,
      });
      printed.push(`${name}.pdf`);
    } catch (error) {
      if (isAsked || !(error instanceof DramatisError) || error.code !== 'PDF_FAILED') throw error;
      messages.line(`no ${name}.pdf: ${error.message}`);
    }
  }
  return printed;
}
