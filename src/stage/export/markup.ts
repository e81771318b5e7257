/** Characters that no XML may hold, and halves of characters. */
const unprintable = /(?![\t\n\r])\p{Cc}|[\p{Cs}\uFFFE\uFFFF]/gu;

/** A text as it stands between tags or in an attribute of XML and HTML, without what may not stand there at all. */
export function escapeMarkup(text: string): string {
  return text
    .replace(unprintable, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
