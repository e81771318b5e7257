import { printable } from './terminal-text.ts';

/** Columns of a terminal that are written to: one at the last column would add an empty line. */
export const columns = 79;

/** Such as "2026-11-30 01:02", in the time zone of the machine. */
export function minute(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '-'.padEnd(16);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace('T', ' ');
}

/** A text on one line of a terminal, cut where it is longer. */
export function fittedRow(text: string, width = columns): string {
  const characters = [...printable(text.replaceAll(/\s*\n\s*/g, ' '))];
  return characters.length > width
    ? `${characters.slice(0, width - 1).join('')}…`
    : characters.join('').trimEnd();
}
