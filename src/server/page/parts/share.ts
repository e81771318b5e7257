/** A share as print has it: ".48", "1.0". */
export function shareText(value: number): string {
  return value >= 0.995 ? '1.0' : value.toFixed(2).replace(/^0/, '');
}

/** Made once: `toLocaleString` looks all of it up at every call, which takes longer than the rest of a heading. */
const inEnglish = new Intl.NumberFormat('en');

/** "1 turn", "2 turns". */
export function plural(count: number, noun: string): string {
  return `${inEnglish.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A day and hour as the reader's own system writes it. */
export function whenText(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.valueOf())) return '';
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** "98 MB". */
export function sizeText(bytes: number): string {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`;
}
