import { escapeHtml } from '../page/html.ts';

/** A cell of text, or of figures, which are set to the right. */
export type Cell = string | { readonly figure: string };
export const figure = (text: string): Cell => ({ figure: text });

/** Wide ones scroll sideways on a narrow screen. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numbers = heads.map((_, i) => rows.some((row) => typeof row[i] === 'object'));
  const head = heads
    .map((text, i) => `<th${numbers[i] ? ' class="number"' : ''}>${escapeHtml(text)}</th>`)
    .join('');
  const body = rows.map((row) => `<tr>${row.map(cellHtml).join('')}</tr>`).join('\n');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

function cellHtml(cell: Cell): string {
  return typeof cell === 'string'
    ? `<td>${escapeHtml(cell)}</td>`
    : `<td class="number">${escapeHtml(cell.figure)}</td>`;
}
