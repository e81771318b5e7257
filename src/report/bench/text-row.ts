/** Columns of the terminal it fits. */
const columns = 80;

/**
 * Cells side by side.
 *
 * @param widths In letters, negative for a column set to the right; a cell without a width ends the row as it is.
 */
export function textRow(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, i) => {
      const width = widths[i];
      if (width === undefined) return cell;
      return width < 0 ? cell.padStart(-width) : shortened(cell, width).padEnd(width);
    })
    .join(' ');
}

/** A line no wider than the terminal. */
export const fitted = (line: string): string => shortened(line, columns).trimEnd();

/** A sentence broken between words into lines no wider than the terminal, all but the first indented; none of nothing. */
export function wrapped(sentence: string): string[] {
  const lines: string[] = [];
  if (sentence === '') return lines;
  for (const word of sentence.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(lines.length > 0 ? `  ${word}` : word);
  }
  return lines;
}

const shortened = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;
