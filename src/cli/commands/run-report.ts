import { basename, join } from 'node:path';
import { DramatisError } from '../../errors.ts';
import { readResults, readScenes } from '../../eval/results-file.ts';
import { benchReport } from '../../report/bench/report.ts';
import { scenesPage } from '../../report/scenes/page.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { resultsIn } from '../../sweep/gathered-file.ts';
import { messages, output } from '../terminal/output.ts';

/** `dramatis eval report`: a page, the numbers, and the figures one by one, in a folder. */
export async function runReport({
  results,
  out,
}: {
  readonly results: readonly string[];
  readonly out: string;
}): Promise<void> {
  const given = (await Promise.all(results.map(filesIn))).flat();
  const paths = given.map(({ path }) => path);
  const scenes = (await Promise.all(paths.map(readScenes))).filter((one) => one !== undefined);
  if (scenes.length === paths.length) {
    const page = join(out, 'report.html');
    await writeAtomic(page, scenesPage(scenes));
    output.line(page);
    return;
  }
  const runs = await Promise.all(
    given.map(async ({ path, label }) => ({ ...(await readResults(path)), label })),
  );
  const plays = new Set(runs.map((run) => run.results.play.sha256));
  if (plays.size > 1) {
    const list = runs.map(({ path, results: { play } }) => `${path} ${play.sha256.slice(0, 12)}`);
    throw new DramatisError(
      'RESULTS_MISMATCH',
      `the runs are of several texts: ${list.join(', ')}`,
    );
  }
  const report = benchReport(
    runs.map(({ path, results: of, record, label }) => ({
      results: of,
      record,
      label: label ?? `${of.subject.model}, ${of.split} (${basename(path, '.json')})`,
    })),
  );
  const files: [name: string, text: string][] = [
    ['report.html', report.html],
    ['report.csv', report.csv],
    ['report.json', report.json],
    ...report.figures.map(({ name, svg }): [string, string] => [`${name}.svg`, svg]),
  ];
  for (const [name, text] of files) await writeAtomic(join(out, name), text);
  output.line(join(out, 'report.html'));
  messages.line(`wrote ${files.length} files to ${out}`);
}

/** The results of a file: itself, or of a table that "dramatis sweep gather" wrote those that it is of. */
async function filesIn(
  path: string,
): Promise<readonly { readonly path: string; readonly label?: string }[]> {
  return (await resultsIn(path)) ?? [{ path }];
}
