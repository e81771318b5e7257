import type { Markish } from '@observablehq/plot';
import { chart, chartWidth } from '../page/chart.ts';
import { type DistributionPanel, panelsOf } from './distribution.ts';
import { type DistributionAxis, distributionAxis } from './distribution-axis.ts';
import { type LineStroke, panelMarks, sizedPanel } from './distribution-panel.ts';
import { type BenchFigure, provenance } from './figure.ts';
import { type LegendEntry, legend, runEntries } from './legend.ts';
import { type MarkedRun, playAlone } from './run.ts';

const name = 'distributions';
const title = 'Distributions of lengths and turns';

/** The values behind the means: for each metric that has a spread, how many of a row's values are not greater than each. */
export function distributionFigure(runs: readonly MarkedRun[]): BenchFigure {
  const found = panelsOf(runs);
  // Those of one unit have one axis: they are to be seen together.
  const panels = [...new Set(found.map(({ unit }) => unit))].flatMap((unit) =>
    found.filter((panel) => panel.unit === unit),
  );
  if (panels.length === 0) {
    const why =
      'No run has a task whose values are kept one by one, such as style, duet or quartet.';
    return { kind: 'left out', name, title, why };
  }
  const tasks = [...new Set(panels.map(({ task }) => task))];
  return {
    kind: 'drawn',
    name,
    title,
    caption: `How high a line stands over a value is the share of its row’s values that are not greater; a mark is the median. Thick: the originals, whose line the others should follow. ${[lengthNote(panels), playAlone(runs), provenance(runs, tasks)].join(' ')}`,
    svg: draw(panels, runs),
  };
}

const lengthNote = (panels: readonly DistributionPanel[]): string =>
  panels.some(({ unit }) => unit === 'words') ? 'Words are on a logarithmic axis.' : '';

/** Panels side by side, and pixels between one row of them and the next. */
const [columns, gap] = [2, 22];

function draw(panels: readonly DistributionPanel[], runs: readonly MarkedRun[]): string {
  const key = legend(entriesOf(panels, runs), 0, 8);
  const strokes = strokesOf(panels);
  const axes = axesOf(panels);
  const sized = panels.map((panel) =>
    sizedPanel(panel, axes.get(panel.unit)!, chartWidth / columns),
  );
  let bottom = 0;
  const marks: Markish[] = [];
  for (let i = 0; i < sized.length; i += columns) {
    const beside = sized.slice(i, i + columns);
    // Panels beside each other have their frames at one height, however many names stand above them.
    const top = bottom + Math.max(...beside.map(({ above }) => above));
    beside.forEach((panel, column) => {
      const at = { x: (column * chartWidth) / columns, heading: bottom, frame: top };
      marks.push(...panelMarks(panel, strokes, at));
    });
    bottom = top + Math.max(...beside.map(({ below }) => below)) + gap;
  }
  return chart('Distributions of lengths and turns of each run and of the original', {
    height: key.height + bottom,
    marginLeft: 0,
    marginRight: 0,
    marginTop: key.height,
    marginBottom: 0,
    // One unit is one pixel: panels have axes of their own, which no facets of one chart have.
    x: { axis: null, domain: [0, chartWidth], range: [0, chartWidth] },
    y: { axis: null, domain: [0, bottom], range: [key.height, key.height + bottom] },
    marks: [...marks, ...key.marks],
  });
}

function entriesOf(
  panels: readonly DistributionPanel[],
  runs: readonly MarkedRun[],
): readonly LegendEntry[] {
  const lines = panels.flatMap((panel) => panel.lines);
  const { symbol } = runs[0]!;
  const others: LegendEntry[] = [
    { symbol, isFilled: false, text: 'its base model' },
    { symbol: 'times', isFilled: false, text: 'its base model, prompted' },
    { symbol: 'diamond', isFilled: false, text: 'original' },
  ];
  const isDrawn = (entry: LegendEntry) =>
    lines.some((one) => one.symbol === entry.symbol && one.isFilled === entry.isFilled);
  return [...runEntries(runs), ...others.filter(isDrawn)];
}

const colours = ['var(--accent)', 'var(--second)', 'var(--soft)'];
/** Dash patterns, their number coprime with that of the colours: the two together repeat after twelve. */
const dashes = ['9,3', '2,2', '9,3,2,3', '4,5'];

/** Strokes by name, alike in every panel. */
function strokesOf(panels: readonly DistributionPanel[]): ReadonlyMap<string, LineStroke> {
  const lines = panels.flatMap((panel) => panel.lines);
  const names = (isOriginal: boolean) => [
    ...new Set(lines.filter((one) => one.isOriginal === isOriginal).map((one) => one.name)),
  ];
  const own = names(false).map((row, i): [string, LineStroke] => [
    row,
    {
      stroke: colours[i % colours.length]!,
      strokeWidth: 1.7,
      strokeDasharray: dashes[i % dashes.length]!,
    },
  ]);
  const originals = names(true).map((row, i): [string, LineStroke] => [
    row,
    { stroke: 'var(--ink)', strokeWidth: i === 0 ? 2.8 : 2.2, ...(i > 0 && dashed(i)) },
  ]);
  return new Map([...own, ...originals]);
}

const dashed = (i: number) => ({ strokeDasharray: `${12 * i},3` });

/** One for each unit. */
function axesOf(panels: readonly DistributionPanel[]): ReadonlyMap<string, DistributionAxis> {
  const units = [...new Set(panels.map(({ unit }) => unit))];
  return new Map(
    units.map((unit) => {
      const lines = panels.filter((panel) => panel.unit === unit).flatMap((panel) => panel.lines);
      const least = Math.min(...lines.map(({ values }) => values[0]!));
      const most = Math.max(...lines.map(({ values }) => values.at(-1)!));
      return [unit, distributionAxis(unit, least, most)];
    }),
  );
}
