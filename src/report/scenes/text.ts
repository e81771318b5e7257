import type {
  AnchorResult,
  ArmDifference,
  ArmFigure,
  ArmResults,
  SceneResults,
  SceneTaskResults,
} from '../../eval/scenes/scene-results.ts';
import { missing, shown, shownInterval, shownP, shownSigned } from '../bench/number.ts';
import { fitted, textRow, wrapped } from '../bench/text-row.ts';
import { asShown } from './units.ts';

const widths = [22, -8, 16, 16, 6, -6];
const differenceWidths = [22, -8, 20, -8];
/** The largest p after Holm at which a difference counts as shown. */
const significance = 0.05;

/** The results of a benchmark of scenes as lines of at most 80 columns for a terminal. */
export function scenesText(results: SceneResults): string {
  return results.tasks
    .flatMap((task) => taskLines(results, task))
    .map(fitted)
    .join('\n')
    .trimEnd();
}

function taskLines({ model, seeds, turns }: SceneResults, task: SceneTaskResults): string[] {
  const [first, ...others] = task.arms;
  if (!first) return [];
  const count = Object.keys(task.situations).length;
  const about = `${task.task}: ${model.name}, ${count} situations, ${seeds === 1 ? 'one seed' : `${seeds} seeds`}, ${turns} turns`;
  return [
    about,
    '',
    ...armLines(first, task.originals[0]),
    ...others.flatMap((arm) => otherLines(arm, task)),
    ...task.anchors.flatMap(anchorLines),
    '',
  ];
}

function armLines(arm: ArmResults, original: ArmResults | undefined): string[] {
  return [
    `${arm.arm}: ${endsText(arm)}`,
    textRow(['', 'mean', '95 % interval', 'plays, 8 in 10', '', 'there'], widths),
    ...arm.figures.map((figure) => figureLine(figure, original)),
    '',
  ];
}

/** "40 scenes: 38 ended by turns, 2 by loop". */
function endsText({ scenes, ends }: ArmResults): string {
  const parts = Object.entries(ends)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count], i) =>
      i === 0 ? `${count} ended by ${reason}` : `${count} by ${reason}`,
    );
  return `${scenes === 1 ? '1 scene' : `${scenes} scenes`}: ${parts.join(', ')}`;
}

function figureLine(figure: ArmFigure, original: ArmResults | undefined): string {
  const { measure, unit, value, band, standing } = figure;
  const printed = original?.figures.find((one) => one.measure === measure);
  return textRow(
    [
      measure,
      shownOf(value, unit),
      intervalOf(figure),
      band ? `${shownOf(band[0], unit)} to ${shownOf(band[1], unit)}` : '',
      standing ?? '',
      shownOf(printed?.value, unit),
    ],
    widths,
  );
}

const shownOf = (value: number | undefined, unit: string): string => shown(value, asShown(unit));

const intervalOf = ({ low, high, unit }: ArmFigure): string =>
  shownInterval({ low, high }, asShown(unit));

function otherLines(arm: ArmResults, { differences }: SceneTaskResults): string[] {
  const difference = differences.find((one) => one.arm === arm.arm);
  if (!difference) return [];
  const told = difference.measures.filter(({ pHolm }) => pHolm < significance);
  return [
    `${arm.arm}: ${endsText(arm)}`,
    ...(told.length === 0
      ? [`  no measure is told from ${difference.against}`]
      : [
          textRow([`less ${difference.against}`, '', '95 % interval', 'p, Holm'], differenceWidths),
          ...told.map(differenceLine),
        ]),
    '',
  ];
}

function differenceLine({
  measure,
  value,
  low,
  high,
  pHolm,
}: ArmDifference['measures'][number]): string {
  const unit = Math.abs(value) >= 10 ? 'words' : 'share';
  return textRow(
    [measure, shownSigned(value, unit), shownInterval({ low, high }, unit), shownP(pHolm)],
    differenceWidths,
  );
}

function anchorLines({ measure, higher, lower, difference, holds }: AnchorResult): string[] {
  const figures = `${shownSigned(difference.value, 'share')} ${shownInterval(difference, 'share') || missing}`;
  return wrapped(
    `${holds ? 'holds' : '! does not hold'}: ${higher} above ${lower} in ${measure}, ${figures}`,
  );
}
