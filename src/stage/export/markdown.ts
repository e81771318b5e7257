import { displayName } from '../../play/cast/display-name.ts';
import { oneLine } from '../../prompt/quote.ts';
import type { StageState } from '../state.ts';
import { type PrintedDirection, type PrintedTurn, scenePage } from './scene-page.ts';

/** A scene as Markdown, as editions of plays are: headings for act and scene, names in bold, directions in italics. */
export function asMarkdown(state: StageState): string {
  const page = scenePage(state);
  const blocks = [
    `# ${escaped(page.title)}`,
    escaped(page.origin),
    `## Act ${page.act}`,
    `### Scene ${page.scene}${page.heading ? `. ${escaped(page.heading)}` : ''}`,
    ...(page.situation ? [inItalics(page.situation)] : []),
    ...page.lines.map((line) => (line.kind === 'turn' ? speech(line) : direction(line))),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function speech({ who, manner, text, isCut }: PrintedTurn): string {
  const how = manner ? `${inItalics(manner)} ` : '';
  return `**${escaped(who)}.** ${how}${escaped(text)}${isCut ? ` ${inItalics('Stopped')}` : ''}`;
}

function direction({ text, to }: PrintedDirection): string {
  return inItalics(to === undefined ? text : `To ${displayName(to)} alone: ${text}`);
}

const inItalics = (text: string): string => `*[${escaped(text)}]*`;

/** One line in which no mark of Markdown or HTML means anything. */
const escaped = (text: string): string => oneLine(text).replace(/[\\`*_[\]<>#|~&]/g, '\\$&');
