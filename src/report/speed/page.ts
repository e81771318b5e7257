import { barX, dot, gridX, line, ruleX, text } from '@observablehq/plot';
import type { Measured } from '../../engine/bench/measured.ts';
import { median } from '../../median.ts';
import { escapeMarkup } from '../../stage/export/markup.ts';
import { machineText } from '../../workspace/bench/measured-machine.ts';
import type { SpeedFile } from '../../workspace/bench/speed-file.ts';
import { figure, table } from '../bench/table.ts';
import { chart } from '../page/chart.ts';
import { htmlPage } from '../page/html.ts';
import { figureText, nameOf } from './text.ts';

/** Over what each curve runs, as an axis says it. */
const axes: Readonly<Record<string, string>> = {
  context: 'tokens in the context',
  sequences: 'sequences side by side',
  threads: 'threads',
  characters: 'characters on stage',
};

/** Files of measurements as one page: rates by model and machine, curves, and every figure with its spread. */
export function speedPage(files: readonly SpeedFile[]): string {
  const marked = files.map((file, i) => ({ file, letter: String.fromCharCode(65 + (i % 26)) }));
  const title = `The speed of ${[...new Set(files.map(({ model }) => model.name))].join(' and ')}`;
  return htmlPage(
    title,
    [
      `<h1>${escapeMarkup(title)}</h1>`,
      '<p>Medians of samples that were taken one after the other; the way from JavaScript to the engine and back is in every figure. Machines that others share swing by a tenth within minutes.</p>',
      runsTable(marked),
      ...sections(marked),
    ].join('\n'),
  );
}

interface Marked {
  readonly file: SpeedFile;
  readonly letter: string;
}

function runsTable(marked: readonly Marked[]): string {
  return table(
    ['run', 'model', 'machine', 'threads', 'Dramatis', 'date'],
    marked.map(({ letter, file }) => [
      letter,
      `${file.model.name}, ${file.model.description}, ${file.model.sha256.slice(0, 12)}`,
      machineText(file.machine),
      String(file.threads),
      `${file.versions.dramatis}, ${file.versions.commit}`,
      file.date.slice(0, 10),
    ]),
  );
}

function sections(marked: readonly Marked[]): string[] {
  const benches = [...new Set(marked.flatMap(({ file }) => file.rows.map(({ bench }) => bench)))];
  return benches.map((bench) => {
    const of = marked.map(({ letter, file }) => ({
      letter,
      rows: file.rows.filter((row) => row.bench === bench),
    }));
    const drawn = [...curves(of), ...rates(of)];
    return `<section><h2>${escapeMarkup(bench)}</h2>${drawn.join('\n')}${figures(of)}</section>`;
  });
}

type Lettered = readonly { readonly letter: string; readonly rows: readonly Measured[] }[];

/** A figure for each thing that was measured at several places. */
function curves(of: Lettered): string[] {
  const all = of.flatMap(({ letter, rows }) => rows.map((row) => ({ letter, row })));
  const whats = [...new Set(all.map(({ row }) => row.what))];
  return whats.flatMap((what) => {
    const points = all.filter(({ row }) => row.what === what && Object.keys(row.at).length === 1);
    const axis = Object.keys(points[0]?.row.at ?? {})[0];
    if (axis === undefined) return [];
    const drawn = points.map(({ letter, row }) => ({
      ...{ letter, x: row.at[axis]!, y: median(row.samples) },
    }));
    const xs = [...new Set(drawn.map(({ x }) => x))].sort((a, b) => a - b);
    if (xs.length < 2) return [];
    const { unit } = points[0]!.row;
    const label = `${what}, ${unit}, over ${axes[axis] ?? axis}`;
    const ends = [...new Set(drawn.map(({ letter }) => letter))].map((letter) =>
      drawn.filter((one) => one.letter === letter).reduce((a, b) => (b.x > a.x ? b : a)),
    );
    const svg = chart(label, {
      ...{ height: 260, marginLeft: 60, marginRight: 40, marginBottom: 40 },
      x: {
        type: 'log',
        base: 2,
        label: axes[axis] ?? axis,
        ticks: xs,
        tickFormat: (x: number) => x.toLocaleString('en'),
      },
      y: { label: unit, grid: true, zero: true },
      marks: [
        line(drawn, { x: 'x', y: 'y', z: 'letter', stroke: 'var(--accent)' }),
        dot(drawn, { x: 'x', y: 'y', fill: 'var(--accent)' }),
        text(ends, { x: 'x', y: 'y', text: 'letter', dx: 12, fill: 'var(--ink)' }),
      ],
    });
    return [`<figure>${svg}<figcaption class="note">${escapeMarkup(label)}</figcaption></figure>`];
  });
}

/** A figure of the rates that lie on no curve. */
function rates(of: Lettered): string[] {
  const drawn = of.flatMap(({ letter, rows }) =>
    rows
      .filter(({ unit, at }) => unit === 'tokens/s' && Object.keys(at).length === 0)
      .map((row) => ({ name: `${row.what}  ${letter}`, value: median(row.samples) })),
  );
  if (drawn.length === 0) return [];
  const label = `Tokens a second: ${drawn.map(({ name, value }) => `${name} ${figureText(value)}`).join('; ')}`;
  const svg = chart(label, {
    ...{ height: 50 + 26 * drawn.length, marginLeft: 220, marginRight: 70 },
    x: { label: 'tokens/s' },
    y: { label: null, domain: drawn.map(({ name }) => name) },
    marks: [
      gridX(),
      barX(drawn, { x: 'value', y: 'name', fill: 'var(--accent)', insetTop: 3, insetBottom: 3 }),
      text(drawn, {
        ...{ x: 'value', y: 'name', dx: 6, textAnchor: 'start', fill: 'var(--ink)' },
        text: ({ value }: { value: number }) => figureText(value),
      }),
      ruleX([0], { stroke: 'var(--ink)' }),
    ],
  });
  return [`<figure>${svg}</figure>`];
}

function figures(of: Lettered): string {
  const letters = of.filter(({ rows }) => rows.length > 0);
  const names = [...new Set(letters.flatMap(({ rows }) => rows.map(nameAndUnit)))];
  return table(
    ['', ...letters.map(({ letter }) => letter)],
    names.map((name) => [
      name,
      ...letters.map(({ rows }) => {
        const row = rows.find((one) => nameAndUnit(one) === name);
        return figure(row ? figureText(median(row.samples)) : '');
      }),
    ]),
  );
}

const nameAndUnit = (row: Measured): string => `${nameOf(row)} (${row.unit})`;
