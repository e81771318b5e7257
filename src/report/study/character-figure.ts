import { cell, text } from '@observablehq/plot';
import { isKnown, shownSigned } from '../bench/number.ts';
import { chart, chartWidth } from '../page/chart.ts';
import { type Ledger, type Phrase, say } from './ledger.ts';
import { type CountSource, type Figure, type MeanSource, sideOf } from './number-source.ts';
import { cutText, madeOf, tableRow } from './score-figures.ts';
import type { StudyFigure } from './study-figure.ts';
import {
  type AskedTask,
  nameOf,
  type Series,
  type StudyShape,
  taskName,
  trainingGains,
} from './study-shape.ts';

/** All in pixels. */
const [rowHeight, widestCell, left, top] = [30, 120, 330, 34];
/** A page has room for so many. */
const [mostRows, mostCharacters] = [40, 12];

/** What each adapter gives to each character: a row for a task and an adapter, a column a character. */
export function characterFigure(shape: StudyShape, ledger: Ledger): StudyFigure {
  const name = 'gain-by-character';
  const cells = cellsOf(shape, ledger);
  if (cells.length === 0)
    return {
      ...{ kind: 'left out', name, title: 'Adapter and character' },
      why: 'The study has no character that was asked both with an adapter and without one.',
      command: 'dramatis study run',
    };
  const rows = [...new Set(cells.map(({ row }) => row))];
  const drawnRows = rows.slice(0, mostRows);
  const characters = shape.characters.slice(0, mostCharacters);
  const drawn = cells.filter(
    ({ row, character }) => drawnRows.includes(row) && characters.includes(character),
  );
  const strongest = Math.max(...drawn.map(({ figure }) => Math.abs(figure.value)).filter(isKnown));
  const opacity = ({ figure }: GainCell): number =>
    isKnown(figure.value) && strongest > 0
      ? 0.06 + 0.84 * Math.abs(figure.value / strongest)
      : 0.06;
  const axis = { tickSize: 0, label: null } as const;
  const width = Math.min(chartWidth, left + 10 + characters.length * widestCell);
  return {
    ...{ kind: 'drawn', name },
    title: characterTitle(cells, ledger),
    caption: say`How much better the character fares with the adapter than with the prompt alone, in the unit of the task, on the same items. Blue is better and orange worse, the stronger the colour the more; an asterisk stands where the 95 % interval over scenes has no zero in it.${cutText(drawnRows.length, rows.length, 'rows')} ${madeOf(shape)}`,
    table: cells.map(({ task, trained, character, source, figure }) => ({
      character,
      ...tableRow(task, trained.label, source, figure),
    })),
    svg: chart('What each adapter gives to each character in each task', {
      ...{ height: top + 10 + rowHeight * drawnRows.length, padding: 0 },
      ...{ marginLeft: left, marginTop: top, marginBottom: 10, marginRight: chartWidth - width },
      x: { ...axis, domain: characters, axis: 'top', tickFormat: nameOf },
      y: { ...axis, domain: drawnRows },
      marks: [
        cell(drawn, {
          ...{ x: 'character', y: 'row', inset: 1.5, fillOpacity: opacity },
          fill: ({ figure }: GainCell) => (figure.value < 0 ? 'var(--second)' : 'var(--accent)'),
        }),
        text(drawn, {
          ...{ x: 'character', y: 'row', text: textOf },
          fill: (one: GainCell) => (opacity(one) > 0.7 ? 'var(--paper)' : 'var(--ink)'),
        }),
      ],
    }),
  };
}

interface GainCell {
  readonly row: string;
  readonly character: string;
  readonly task: AskedTask;
  readonly trained: Series;
  readonly source: MeanSource;
  readonly figure: Figure;
}

function cellsOf(shape: StudyShape, ledger: Ledger): GainCell[] {
  const characters = new Map(
    shape.series.flatMap(({ evaluations }) =>
      evaluations.map(({ task }) => [task.label, task.point.character]),
    ),
  );
  return trainingGains(shape).flatMap(({ task, trained, source: { of } }) =>
    of.flatMap((one): GainCell[] => {
      if (one.kind !== 'difference') return [];
      const source: MeanSource = { kind: 'mean', of: [one] };
      const character = characters.get(one.of.run) ?? '';
      const row = `${taskName(task)}: ${trained.label}`;
      return [{ row, character, task, trained, source, figure: ledger.figure(source) }];
    }),
  );
}

function characterTitle(cells: readonly GainCell[], ledger: Ledger): Phrase {
  const better: CountSource = { kind: 'count', of: cells.map(({ source }) => source), side: 1 };
  const worse: CountSource = { ...better, side: -1 };
  const all = say`${ledger.n(better)} comparisons, each of one character in one task`;
  if (ledger.figure(better).value + ledger.figure(worse).value === 0)
    return say`In none of ${all}, is training shown to help, or to harm`;
  return say`Of ${all}, training is shown to help in ${ledger.value(better, 'whole')} and to harm in ${ledger.value(worse, 'whole')}`;
}

const textOf = ({ figure }: GainCell): string =>
  `${shownSigned(figure.value, '')}${sideOf(figure) === 0 ? '' : ' *'}`;
