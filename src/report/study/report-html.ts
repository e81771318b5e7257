import { escapeMarkup } from '../../stage/export/markup.ts';
import type { Phrase } from './ledger.ts';
import type { StudyFigure } from './study-figure.ts';

/** Tables of so many rows stay on one page where they are printed. */
const mostOnOnePage = 15;

/** A table of words and numbers; numbers are set to the right. */
export function phraseTable(
  heads: readonly string[],
  rows: readonly (readonly (string | Phrase)[])[],
): string {
  const isNumber = heads.map((_, i) => rows.some((row) => typeof row[i] === 'object'));
  const head = heads
    .map((text, i) => `<th${isNumber[i] ? ' class="number"' : ''}>${escapeMarkup(text)}</th>`)
    .join('');
  const cellOf = (cell: string | Phrase, i: number): string => {
    const name =
      heads[i] === '' || heads[i] === undefined ? '' : ` data-head="${escapeMarkup(heads[i])}"`;
    return typeof cell === 'string'
      ? `<td${name}>${escapeMarkup(cell)}</td>`
      : `<td class="number"${name}>${cell.html}</td>`;
  };
  const body = rows.map((row) => `<tr>${row.map(cellOf).join('')}</tr>`).join('\n');
  const name = rows.length > mostOnOnePage ? 'wide' : 'wide short';
  return `<div class="${name}"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

export const paragraph = ({ html }: Phrase): string => `<p>${html}</p>`;
export const note = (text: string): string => `<p class="note">${escapeMarkup(text)}</p>`;
export const list = (items: readonly Phrase[]): string =>
  `<ul>${items.map(({ html }) => `<li>${html}</li>`).join('\n')}</ul>`;
export const commandLine = (command: string): string =>
  `<pre><code>${escapeMarkup(command)}</code></pre>`;

/** A figure with its finding above and its making below; or why it is not there, and what would make it. */
export function figureHtml(figure: StudyFigure): string {
  if (figure.kind === 'left out')
    return `<div class="gap"><h3>${escapeMarkup(figure.title)}: no data</h3>${note(figure.why)}${commandLine(figure.command)}</div>`;
  const { name, title, caption, svg } = figure;
  return `<figure id="${name}"><h3>${title.html}</h3>${svg}<figcaption class="note">${caption.html} <a href="tables/${name}.csv">CSV</a>, <a href="figures/${name}.svg">SVG</a></figcaption></figure>`;
}

/** Why there is nothing here, and the command that would make it. */
export const missing = (command: string, why: string): string =>
  `<div class="gap">${note(why)}${commandLine(command)}</div>`;
