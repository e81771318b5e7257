import type { Argv } from 'yargs';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../failure.ts';
import { interrupted } from '../interrupt.ts';

export const report = defineCommand({
  command: 'report <study>',
  describe: 'Make report, slides, figures and tables of a study, or check them',
  builder: (yargs: Argv) =>
    yargs
      .positional('study', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of a study, or of any sweep, or its manifest.json',
      })
      .option('out', {
        type: 'string',
        default: 'report',
        requiresArg: true,
        describe: 'Folder for report.html, slides.html, numbers.json, figures/ and tables/',
      })
      .option('check', {
        type: 'boolean',
        default: false,
        describe:
          'Write nothing: work every number of --out out again from the study; exit 1 if one is not as it was',
      })
      .option('pdf', {
        type: 'boolean',
        defaultDescription: 'where there is a browser',
        describe: 'Print both pages to PDF with Chromium; --no-pdf does not look for one',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print {files, numbers, leftOut, gaps}; with --check {numbers, stale}',
      })
      .example('$0 report study --out report', 'The whole set; PDFs where Chromium is found')
      .example(
        '$0 report study --out report --check',
        'Whether every number still follows from the rows',
      )
      .epilogue(
        'DRAMATIS_BROWSER names the browser that prints; else chromium, google-chrome or Edge is looked for.',
      ),
  async handler({ study, out, check, pdf, json }) {
    if (check && pdf !== undefined)
      throw new UsageError('--check writes nothing, so --pdf does not go with it');
    if (check) {
      const { runReportCheck } = await import('./run-report-check.ts');
      await runReportCheck({ study, out, json });
      return;
    }
    const { runStudyReport } = await import('./run-study-report.ts');
    await runStudyReport({ study, out, pdf, json, signal: interrupted() });
  },
});
