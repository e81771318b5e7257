import { cell, text } from '@observablehq/plot';
import { chart, chartWidth } from '../page/chart.ts';
import { type BenchFigure, provenance } from './figure.ts';
import { isKnown, missing } from './number.ts';
import type { MarkedRun } from './run.ts';

const title = 'Voice matrix';
const [cellHeight, widestCell] = [34, 110];
const [left, top] = [150, 56];

/** How well each voice tells a character's speeches from the others': one heat map for each run that has a matrix. */
export function matrixFigures(runs: readonly MarkedRun[]): BenchFigure[] {
  const figures = runs.flatMap((run) => (run.results.matrix ? [matrixFigure(run)] : []));
  if (figures.length > 0) return figures;
  const why = 'No run has the task "voice", which makes the matrix.';
  return [{ kind: 'left out', name: 'voice-matrix', title, why }];
}

function matrixFigure(run: MarkedRun): BenchFigure {
  const { speakers, voices, cells } = run.results.matrix!;
  const data = speakers.flatMap((speaker, i) =>
    voices.map((voice, j) => ({
      speaker,
      voice,
      value: cells[i]?.[j],
      isOwn: speaker === voice,
    })),
  );
  const filled = data.filter(({ value }) => isKnown(value));
  const width = Math.min(chartWidth, left + 40 + voices.length * widestCell);
  const axis = { tickSize: 0, label: null } as const;
  return {
    kind: 'drawn',
    name: `voice-matrix-${run.letter.toLowerCase()}`,
    title: `${title}: ${run.letter}, ${run.label}`,
    caption: `The area under the ROC curve with which each column’s voice tells the row’s speeches from all others: 0.5 is chance, 1 is always. Darker is higher. Framed: a character’s own voice; a model that keeps the voices apart has its highest figures there.${withoutRow(run)} ${provenance([run], ['voice'])}`,
    svg: chart(`Area under the ROC curve for each speaker and each voice, run ${run.letter}`, {
      width: chartWidth,
      height: top + 10 + cellHeight * speakers.length,
      marginLeft: left,
      marginTop: top,
      marginBottom: 10,
      marginRight: chartWidth - width,
      padding: 0,
      x: { ...axis, domain: voices, axis: 'top' },
      y: { ...axis, domain: speakers },
      marks: [
        text(['rows: speeches of; columns: scored in the voice of'], {
          frameAnchor: 'top-left',
          dx: 4 - left,
          dy: 12 - top,
          textAnchor: 'start',
          lineAnchor: 'middle',
          fill: 'var(--soft)',
        }),
        cell(filled, {
          x: 'voice',
          y: 'speaker',
          inset: 1.5,
          fill: 'var(--accent)',
          fillOpacity: ({ value }) => opacity(value),
        }),
        cell(
          filled.filter(({ isOwn }) => isOwn),
          {
            x: 'voice',
            y: 'speaker',
            inset: 2,
            fill: 'none',
            stroke: 'var(--ink)',
            strokeWidth: 2,
          },
        ),
        text(data, {
          x: 'voice',
          y: 'speaker',
          text: ({ value }) => (isKnown(value) ? value.toFixed(2) : missing),
          fill: ({ value }) => (opacity(value) > 0.75 ? 'var(--paper)' : 'var(--ink)'),
        }),
      ],
    }),
  };
}

/** Why some voices have no row of their own. */
function withoutRow({ results }: MarkedRun): string {
  const { speakers, voices } = results.matrix!;
  const absent = voices.filter((voice) => !speakers.includes(voice));
  if (absent.length === 0) return '';
  const whose = absent.length === 1 ? 'theirs' : 'one of theirs';
  return ` No row for ${absent.join(', ')}: of the speeches asked about in these scenes none is ${whose}.`;
}

/** Nothing at 0.3 and below, full at 0.95: where figures of this kind lie. */
function opacity(value: number | null | undefined): number {
  return isKnown(value) ? Math.min(1, Math.max(0.04, (value - 0.3) / 0.65)) : 0;
}
