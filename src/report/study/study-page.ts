import { htmlPage } from '../page/html.ts';
import { plain } from './ledger.ts';
import type { Section } from './section.ts';

const style = `
nav ol { columns: 14rem 2; max-width: 42rem; padding-left: 1.4rem; }
a { color: var(--accent); }
data { font-variant-numeric: tabular-nums; white-space: nowrap; }
pre { overflow-x: auto; background: color-mix(in srgb, var(--rule) 35%, transparent); padding: .6rem .8rem; font-size: .82rem; white-space: pre-wrap; overflow-wrap: anywhere; }
figure { margin: 1.4rem 0 2rem; }
figure h3 { font-style: normal; max-width: 46rem; }
.gap { border-left: 4px solid var(--rule); padding: .1rem 0 .1rem 1rem; margin: 1rem 0; max-width: 46rem; }
.gap h3 { margin-top: .3rem; }
.gap pre { margin: .3rem 0; }
@page { size: A4; margin: 18mm 16mm; }
@media print {
  pre { background: none; border: 1px solid var(--rule); box-decoration-break: clone; -webkit-box-decoration-break: clone; }
  pre.commands { font-size: .68rem; line-height: 1.3; }
  figure { margin: .8rem 0 1.2rem; }
  .gap, .short, pre:not(.commands) { break-inside: avoid; }
}
`;

/** A report as one file: its sections in order, with links to them. */
export function studyPage(title: string, about: string, sections: readonly Section[]): string {
  const links = sections.map(
    ({ id, title: of }) => `<li><a href="#${id}">${plain(of).html}</a></li>`,
  );
  const bodies = sections.map(
    ({ id, title: of, body }, i) =>
      `<section id="${id}"><h2>${i + 1}. ${plain(of).html}</h2>\n${body}\n</section>`,
  );
  const head = `<h1>${plain(title).html}</h1>\n<p class="note">${plain(about).html}</p>`;
  return htmlPage(
    title,
    [head, `<nav><ol>${links.join('')}</ol></nav>`, ...bodies].join('\n'),
    style,
  );
}
