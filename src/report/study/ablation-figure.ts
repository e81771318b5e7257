import { dotRows } from '../bench/dot-rows.ts';
import { ablationFinding } from './findings.ts';
import { type Ledger, say } from './ledger.ts';
import { sideOf } from './number-source.ts';
import { axisEnd, changeLine, corrected, cutText, madeOf, tableRow } from './score-figures.ts';
import type { StudyFigure } from './study-figure.ts';
import { ablations, nameOf, type StudyShape } from './study-shape.ts';

/** Lines that a figure of one page has room for; the table beside it has all. */
const mostLines = 50;

/** What each component is worth: how a character fares without it, sorted by how much. */
export function ablationFigure(shape: StudyShape, ledger: Ledger): StudyFigure {
  const name = 'worth-of-components';
  const found = ablations(shape).map((one) => ({ ...one, figure: ledger.figure(one.source) }));
  if (found.length === 0)
    return {
      ...{ kind: 'left out', name, title: 'What each component is worth' },
      why: 'The study asks nothing with a component left out, which "without" in its tasks does, and knows one set of levers.',
      command: 'dramatis eval know --character hamlet --ablate persona,memory',
    };
  const { tested, words } = corrected(found, ledger);
  const sorted = tested.sort(
    (a, b) => b.figure.value - a.figure.value || (rowName(a) < rowName(b) ? -1 : 1),
  );
  const drawn = sorted.slice(0, mostLines);
  const largest = [...sorted].sort(
    (a, b) =>
      Math.abs(sideOf(b.figure)) - Math.abs(sideOf(a.figure)) ||
      Math.abs(b.figure.value) - Math.abs(a.figure.value),
  )[0]!;
  const end = axisEnd(drawn.map(({ figure }) => figure));
  const used = new Set(drawn.map(({ series }) => series));
  return {
    ...{ kind: 'drawn', name },
    title: ablationFinding(largest, ledger).sentence,
    caption: say`Each line is a character in a task, with the change that stands before it, against the same model without that change, on the same items; left of the line it is worse. Filled marks differ from nothing; the bar is the 95 % interval over the scenes that might have been.${words}${cutText(drawn.length, sorted.length, 'comparisons')} ${madeOf(shape)}`,
    table: sorted.map(({ change, character, task, series, source, figure, p }) => ({
      ...{ change, character, ...tableRow(task, series.label, source, figure) },
      'p after Holm': p,
    })),
    svg: dotRows({
      label: `What changes without a component: ${drawn.map(rowName).join('; ')}`,
      axis: 'better by, in the unit of the task',
      groups: drawn.map((one) => ({
        ...{ name: rowName(one), anchors: [] },
        lines: [changeLine(one.series, one.figure, one.p)],
      })),
      ...{ domain: [-end, end], rules: [0] },
      entries: shape.series
        .filter((one) => used.has(one))
        .map(({ letter, label }) => ({
          ...{ symbol: 'circle', isFilled: false, text: `${letter}  ${label}` },
        })),
    }),
  };
}

/** "no memory: know, hamlet". */
const rowName = ({
  change,
  task,
  character,
}: Pick<ReturnType<typeof ablations>[number], 'change' | 'task' | 'character'>): string =>
  `${change.replace(/^without /, 'no ').replace(/^with the levers /, 'levers ')}: ${task.name}, ${nameOf(character)}`;
