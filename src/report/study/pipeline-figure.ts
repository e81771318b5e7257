import { escapeMarkup } from '../../stage/export/markup.ts';
import { chartWidth } from '../page/chart.ts';
import { plain } from './ledger.ts';
import { type PipelineStage, pipelineStages } from './pipeline-stages.ts';
import type { StudyFigure } from './study-figure.ts';

/** All in pixels. */
const [boxX, boxWidth, gap, lineHeight, padding] = [10, 910, 22, 17, 12];
/** Letters that fit on a line of the list of parts, at 12 pixels. */
const lettersAcross = 118;

/** How a text becomes a measured conversation, drawn from the program's own lists. */
export function pipelineFigure(): StudyFigure {
  let y = 6;
  const boxes = pipelineStages.map((stage, i) => {
    const drawn = boxOf(stage, i, y);
    y += drawn.height + gap;
    return drawn;
  });
  const height = y - gap + 6;
  const arrows = boxes.slice(0, -1).map(({ bottom }) => arrowAt(bottom));
  const label = `Stages: ${pipelineStages.map(({ name, parts }) => `${name}, ${parts.length} parts`).join('; ')}`;
  const open = `<svg viewBox="0 0 ${chartWidth} ${height}" width="${chartWidth}" height="${height}" aria-label="${escapeMarkup(label)}" role="img" color="var(--ink)" fill="currentColor" font-family="inherit" font-size="12">`;
  return {
    ...{
      kind: 'drawn',
      name: 'pipeline',
      svg: `${open}${boxes.map(({ svg }) => svg).join('')}${arrows.join('')}</svg>`,
    },
    title: plain('From a text to a measured conversation: every part that the program has'),
    caption: plain(
      'Drawn from the lists that the program itself reads, so that a part that is added stands here, too. Folders are those of src/.',
    ),
    table: pipelineStages.flatMap(({ name, of, parts }) =>
      parts.map((part) => ({ stage: name, list: of, part })),
    ),
  };
}

function boxOf({ name, folders, does, of, parts }: PipelineStage, i: number, y: number) {
  const lines = wrapped(`${of}: ${parts.join(', ')}`);
  const height = padding * 2 + lineHeight * (lines.length + 1) - 4;
  const x = boxX + padding;
  const textAt = (line: number): number => y + padding + 9 + lineHeight * line;
  const svg = [
    `<rect x="${boxX}" y="${y}" width="${boxWidth}" height="${height}" rx="3" fill="none" stroke="var(--rule)"/>`,
    `<rect x="${boxX}" y="${y}" width="4" height="${height}" fill="var(--accent)"/>`,
    textOf(x, textAt(0), `${i + 1}  ${name}`, 'font-size="14"'),
    textOf(x + 110, textAt(0), does),
    `<text x="${boxX + boxWidth - padding}" y="${textAt(0)}" text-anchor="end" fill="var(--soft)">${escapeMarkup(folders.join(', '))}</text>`,
    ...lines.map((line, j) => textOf(x + 110, textAt(j + 1), line, 'fill="var(--soft)"')),
  ].join('');
  return { svg, height, bottom: y + height };
}

const textOf = (x: number, y: number, text: string, more = ''): string =>
  `<text x="${x}" y="${y}" ${more}>${escapeMarkup(text)}</text>`;

function arrowAt(y: number): string {
  const x = boxX + 40;
  return `<path d="M${x} ${y + 2}V${y + gap - 4}M${x - 4} ${y + gap - 9}l4 6l4 -6" fill="none" stroke="var(--ink)"/>`;
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
