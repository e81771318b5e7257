import { svgFile } from '../page/chart.ts';
import { benchCsv } from './csv.ts';
import { distributionFigure } from './distribution-figure.ts';
import { matrixFigures } from './matrix-figure.ts';
import { benchPage } from './page.ts';
import { profileFigure } from './profile-figure.ts';
import {
  type BenchRun,
  componentsOf,
  groundOf,
  headlines,
  type MarkedRun,
  markRuns,
} from './run.ts';
import { compositesOf } from './scatter.ts';
import { scoreFigure } from './score-figure.ts';
import { splitFigure } from './split-figure.ts';
import { tradeFigures } from './trade-figures.ts';
import { findings } from './verdict.ts';

export interface BenchReport {
  /** One page that needs nothing but itself. */
  readonly html: string;
  readonly csv: string;
  readonly json: string;
  /** Each a whole SVG file. */
  readonly figures: readonly { readonly name: string; readonly svg: string }[];
}

/**
 * One or several runs as a page, as numbers and as figures. The same runs give the same bytes.
 *
 * @throws {RangeError} If there is no run.
 */
export function benchReport(given: readonly BenchRun[]): BenchReport {
  if (given.length === 0) throw new RangeError('a report needs at least one run, but got none');
  const runs = markRuns(given);
  const figures = [
    scoreFigure(runs),
    splitFigure(runs),
    ...matrixFigures(runs),
    profileFigure(runs),
    distributionFigure(runs),
    ...tradeFigures(runs),
  ];
  return {
    html: benchPage(runs, figures),
    csv: benchCsv(runs),
    json: reportJson(runs),
    figures: figures.flatMap((figure) =>
      figure.kind === 'drawn'
        ? [{ name: figure.name, svg: svgFile(figure.svg, `${figure.title}. ${figure.caption}`) }]
        : [],
    ),
  };
}

/** The runs with what the report makes of them; the results stand as they were written. */
function reportJson(runs: readonly MarkedRun[]): string {
  const { tasks, scores: composites } = compositesOf(runs);
  const report = {
    format: 'dramatis-bench-report',
    formatVersion: 1,
    compositeTasks: tasks,
    runs: runs.map((run) => ({
      run: run.letter,
      label: run.label,
      ground: groundOf(run),
      levers: componentsOf(run),
      composite: composites.get(run) ?? null,
      findings: headlines(run).flatMap((headline) => findings(headline)),
      results: run.results,
      record: run.record,
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
