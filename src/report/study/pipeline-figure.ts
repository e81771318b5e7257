import { escapeMarkup } from '../../stage/export/markup.ts';
import { chartWidth } from '../page/chart.ts';
import { plain } from './ledger.ts';
import { type PipelineStage, pipelineStages } from './pipeline-stages.ts';
import type { StudyFigure } from './study-figure.ts';

/** All in pixels. */
const [boxWidth, between, gap, lineHeight, padding, edge] = [445, 40, 20, 16, 12, 5];
/** Letters that fit on a line of a box, at 12 pixels. */
const lettersAcross = 76;

/** How a text becomes a measured conversation, drawn from the program's own lists: down the left side, then the right. */
export function pipelineFigure(): StudyFigure {
  const half = Math.ceil(pipelineStages.length / 2);
  const left = columnOf(pipelineStages.slice(0, half), 0);
  const right = columnOf(pipelineStages.slice(half), half);
  const height = Math.max(left.bottom, right.bottom) + edge;
  const label = `Stages: ${pipelineStages.map(({ name, parts }) => `${name}, ${parts.length} parts`).join('; ')}`;
  const open = `<svg viewBox="0 0 ${chartWidth} ${height}" width="${chartWidth}" height="${height}" aria-label="${escapeMarkup(label)}" role="img" color="var(--ink)" fill="currentColor" font-family="inherit" font-size="12">`;
  return {
    ...{
      kind: 'drawn',
      name: 'pipeline',
      svg: `${open}${left.svg}${right.svg}${arrowAcross(left.last)}</svg>`,
    },
    title: plain('From a text to a measured conversation: every part that the program has'),
    caption: plain(
      'Drawn from the lists that the program itself reads, so that a part that is added stands here, too. On the right of each stage are its folders in src.',
    ),
    table: pipelineStages.flatMap(({ name, of, parts }) =>
      parts.map((part) => ({ stage: name, list: of, part })),
    ),
  };
}

/** Boxes below each other, the first of them with the number after `before`. */
function columnOf(stages: readonly PipelineStage[], before: number) {
  const x = edge + (before === 0 ? 0 : boxWidth + between);
  let y = edge;
  const boxes = stages.map((stage, i) => {
    const drawn = boxOf(stage, before + i + 1, x, y);
    y = drawn.bottom + gap;
    return drawn;
  });
  const arrows = boxes.slice(0, -1).map(({ bottom }) => arrowDown(x + 20, bottom));
  const last = boxes.at(-1)!;
  return {
    svg: [...boxes.map(({ svg }) => svg), ...arrows].join(''),
    ...{ bottom: last.bottom, last },
  };
}

function boxOf(
  { name, folders, does, of, parts }: PipelineStage,
  number: number,
  x: number,
  top: number,
) {
  const words = wrapped(does);
  const list = wrapped(`${of}: ${parts.join(', ')}`);
  const height = padding * 2 + lineHeight * (words.length + list.length + 1) - 4;
  const textAt = (line: number): number => top + padding + 9 + lineHeight * line;
  const svg = [
    `<rect x="${x}" y="${top}" width="${boxWidth}" height="${height}" rx="3" fill="none" stroke="var(--rule)"/>`,
    `<rect x="${x}" y="${top}" width="4" height="${height}" fill="var(--accent)"/>`,
    textOf(x + padding, textAt(0), `${number}  ${name}`, 'font-size="14"'),
    textOf(
      x + boxWidth - padding,
      textAt(0),
      folders.join(', '),
      'text-anchor="end" fill="var(--soft)"',
    ),
    ...words.map((line, i) => textOf(x + padding, textAt(i + 1), line)),
    ...list.map((line, i) =>
      textOf(x + padding, textAt(words.length + i + 1), line, 'fill="var(--soft)"'),
    ),
  ].join('');
  return { svg, top, bottom: top + height, right: x + boxWidth };
}

const textOf = (x: number, y: number, text: string, more = ''): string =>
  `<text x="${x}" y="${y}" ${more}>${escapeMarkup(text)}</text>`;

const arrowDown = (x: number, y: number): string =>
  `<path d="M${x} ${y + 2}V${y + gap - 3}M${x - 4} ${y + gap - 8}l4 6l4 -6" fill="none" stroke="var(--ink)"/>`;

/** From the last box of the left side up to the first of the right. */
function arrowAcross({
  right,
  bottom,
}: {
  readonly right: number;
  readonly bottom: number;
}): string {
  const [middle, end] = [right + between / 2, right + between - 3];
  const [from, to] = [bottom - 24, edge + 20];
  return `<path d="M${right + 3} ${from}H${middle}V${to}H${end}M${end - 6} ${to - 4}l6 4l-6 4" fill="none" stroke="var(--ink)"/>`;
}

function wrapped(text: string): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= lettersAcross) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
