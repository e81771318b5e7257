import { escapeMarkup } from '../../stage/export/markup.ts';

/** A cell of text, or of figures, which are set to the right. */
export type Cell = string | { readonly figure: string };
export const figure = (text: string): Cell => ({ figure: text });

/** A table; on a narrow screen each row becomes a block of lines, a heading and a figure each. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numbers = heads.map((_, i) => rows.some((row) => typeof row[i] === 'object'));
  const head = heads
    .map((text, i) => `<th${numbers[i] ? ' class="number"' : ''}>${escapeMarkup(text)}</th>`)
    .join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell, i) => cellHtml(cell, heads[i] ?? '')).join('')}</tr>`)
    .join('\n');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

function cellHtml(cell: Cell, head: string): string {
  const named = head === '' ? '' : ` data-head="${escapeMarkup(head)}"`;
  return typeof cell === 'string'
    ? `<td${named}>${escapeMarkup(cell)}</td>`
    : `<td class="number"${named}>${escapeMarkup(cell.figure)}</td>`;
}
