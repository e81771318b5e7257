import { isSameLine, type PageLine } from './lines.ts';

/** Lines of a part: more than a screen, and few enough to be put there in a few milliseconds. */
const linesOfPart = 40;

/** Lines of a scene in parts, each the very array that it was before where none of its lines has changed. */
export function partsOf(
  lines: readonly PageLine[],
  before: readonly (readonly PageLine[])[] = [],
): (readonly PageLine[])[] {
  const count = Math.ceil(lines.length / linesOfPart);
  return Array.from({ length: count }, (_, i) => {
    const part = lines.slice(i * linesOfPart, (i + 1) * linesOfPart);
    const old = before[i];
    const isSame =
      old?.length === part.length && part.every((line, k) => isSameLine(line, old[k]!));
    return isSame ? old : part;
  });
}

/** Which part a line is in; the last for one that comes later than all of them. */
export function partWith(parts: readonly (readonly PageLine[])[], n: number): number {
  const at = parts.findIndex((part) => part.at(-1)!.n >= n);
  return at < 0 ? Math.max(0, parts.length - 1) : at;
}

/** Letters that a part shows, by which its height can be told roughly before it is laid out. */
export function lettersOf(part: readonly PageLine[]): number {
  return part.reduce(
    (sum, line) =>
      sum +
      (line.kind === 'turn' ? line.turn.who.length + line.turn.text.length : line.text.length),
    0,
  );
}
