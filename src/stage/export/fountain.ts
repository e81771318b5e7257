import { displayName } from '../../play/cast/display-name.ts';
import { oneLine } from '../../prompt/quote.ts';
import type { StageState } from '../state.ts';
import { type PrintedDirection, type PrintedTurn, scenePage } from './scene-page.ts';

/**
 * A scene as Fountain, which programs for screenplays read: a title page, a forced scene heading, forced names, directions
 * as action, and a note with number and seed after each turn that was drawn.
 *
 * Marks of Fountain in the words are escaped. What it cannot escape, a speech in brackets and two brackets in a row, is
 * parted by a word joiner (U+2060), which has no width.
 *
 * @see https://fountain.io/syntax
 */
export function asFountain(state: StageState): string {
  const page = scenePage(state);
  const place = `${page.act}.${page.scene} ${oneLine(page.heading).replace(/[.]$/, '')}`.trim();
  const blocks = [
    titlePage({
      Title: page.title,
      Credit: page.origin,
      'Draft date': page.time.slice(0, 10),
    }),
    `.${escaped(place.toUpperCase()).replaceAll('#', '')}`,
    ...(page.situation ? [action(page.situation)] : []),
    ...page.lines.flatMap((line) => (line.kind === 'turn' ? speech(line) : direction(line))),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function titlePage(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .filter(([, value]) => value.trim() !== '')
    .map(([key, value]) => `${key}: ${escaped(value)}`)
    .join('\n');
}

function speech({ who, manner, text, isCut, n, seed, isEdited }: PrintedTurn): string[] {
  const marks = [`turn ${n}`, ...(seed === undefined ? [] : [`seed ${seed}`])];
  if (isCut) marks.push('stopped');
  if (isEdited) marks.push('edited');
  return [
    [
      `@${nameOf(who)}`,
      ...(manner ? [`(${bare(manner.toLowerCase().replace(/^to .*/, () => manner))})`] : []),
      spoken(text),
    ].join('\n'),
    ...(marks.length > 1 ? [`[[${marks.join(', ')}]]`] : []),
  ];
}

function direction({ text, to }: PrintedDirection): string[] {
  if (oneLine(text) === '') return [];
  return [to === undefined ? action(text) : action(`To ${displayName(to)} alone: ${text}`)];
}

/** A line that ends so would be a transition, whatever it begins with. */
const action = (text: string): string => `!${escaped(text).replace(/ TO:$/, ` TO${joiner}:`)}`;

/** In a speech a line in brackets is a parenthetical, whatever stands between the brackets. */
function spoken(text: string): string {
  const words = escaped(text) || '…';
  return words.startsWith('(') ? joiner + words : words;
}

/** A word joiner. */
const joiner = '\u2060';

/** One line, with the marks of Fountain escaped and brackets in a row, which open or end a note, parted. */
function escaped(text: string): string {
  return oneLine(text)
    .replace(/[\\*_]/g, '\\$&')
    .replace(/^[@#!$~`+=.><]/, '\\$&')
    .replace(/([[\]])(?=\1)/g, `$1${joiner}`);
}

/** A name without what would end it. */
const nameOf = (who: string): string => bare(displayName(who)).replace(/^[@\s]+/, '') || 'Somebody';
const bare = (text: string): string => oneLine(text.replace(/[()^]/g, ' ')).replace(/[*_]/g, ' ');
