import { htmlPage } from '../page/html.ts';
import { type Phrase, plain } from './ledger.ts';
import { commandLine, list } from './report-html.ts';
import { speakerNotes } from './speaker-notes.ts';
import type { StudyFigure } from './study-figure.ts';

/** A screen each, 16 to 9; the browser's own keys for scrolling go from one to the next. */
const style = `
html { scroll-snap-type: y mandatory; }
main { max-width: none; padding: 0; }
.slide { position: relative; width: 100vw; height: 100vh; scroll-snap-align: start; scroll-snap-stop: always; display: flex; flex-direction: column; justify-content: center; gap: 1.2vh; padding: 4vh 6vw 7vh; overflow: hidden; }
.slide h1 { font-size: 6vh; }
.slide h2 { font-size: 3.6vh; line-height: 1.2; border: 0; margin: 0; padding: 0; max-width: none; }
.slide p, .slide li { font-size: 2.5vh; max-width: none; line-height: 1.45; }
.slide .note { font-size: 1.9vh; margin: 0; }
.slide svg { width: 100%; min-width: 0; max-height: 62vh; }
.slide pre { font-size: 2.2vh; white-space: pre-wrap; }
.slide details { position: absolute; left: 6vw; bottom: 2vh; font-size: 1.8vh; color: var(--soft); max-width: 80vw; background: var(--paper); }
.slide .page { position: absolute; right: 3vw; bottom: 2vh; font-size: 1.8vh; color: var(--soft); }
.slide .page a { color: inherit; text-decoration: none; padding: 0 .4em; }
data { font-variant-numeric: tabular-nums; white-space: nowrap; }
@media screen and (max-width: 40rem) {
  html { scroll-snap-type: none; }
  .slide { height: auto; min-height: 100vh; }
  .slide h2 { font-size: 2.8vh; }
  .slide p, .slide li { font-size: 2vh; }
}
@page { size: 338mm 190mm; margin: 0; }
@media print {
  html { font-size: 16px; }
  .slide { width: 338mm; height: 189.5mm; break-after: page; break-inside: avoid; padding: 9mm 20mm 12mm; gap: 3mm; }
  .slide:last-of-type { break-after: auto; }
  .slide h1 { font-size: 12mm; }
  .slide h2 { font-size: 7mm; }
  .slide p, .slide li { font-size: 4.8mm; }
  .slide .note { font-size: 3.4mm; }
  .slide svg { max-height: 118mm; }
  .slide pre { font-size: 4.2mm; }
  .slide details { display: none; }
  .slide .page { font-size: 3.4mm; bottom: 4mm; }
  .slide .page a { display: none; }
}
`;

/** The deck of a report: a title, the summary, one finding a slide with its figure, and how to make it again. */
export function studySlides(
  title: string,
  about: string,
  {
    summary,
    figures,
    limits,
    again,
  }: {
    readonly summary: readonly Phrase[];
    readonly figures: readonly StudyFigure[];
    readonly limits: readonly Phrase[];
    readonly again: string;
  },
): string {
  const drawn = figures.flatMap((figure) => (figure.kind === 'drawn' ? [figure] : []));
  const slides = [
    slide(
      `<h1>${plain(title).html}</h1><p>${plain(about).html}</p>`,
      'Space or the arrow keys go on.',
    ),
    slide(
      `<h2>What was found</h2>${list(summary)}`,
      'Each sentence is a test; the brackets are 95 % intervals.',
    ),
    ...drawn.map(({ name, title: of, caption, svg }) =>
      slide(
        `<h2>${of.html}</h2>${svg}<p class="note">${shortened(caption).html}</p>`,
        `${speakerNotes[name] ?? ''} ${caption.text}`,
      ),
    ),
    slide(
      `<h2>What was not shown</h2>${list(limits.slice(0, 6))}`,
      'Not shown is not the same as not there.',
    ),
    slide(
      `<h2>How to make it again</h2>${commandLine(again)}`,
      'The check works every number out again from the rows.',
    ),
  ];
  const body = slides.map((of, i) => of(i, slides.length)).join('\n');
  return htmlPage(title, body, style);
}

function slide(content: string, notes: string) {
  return (i: number, count: number): string => {
    const at = i + 1;
    const back = i > 0 ? `<a href="#s${at - 1}" aria-label="Back">‹</a>` : '';
    const on = at < count ? `<a href="#s${at + 1}" aria-label="On">›</a>` : '';
    return `<section class="slide" id="s${at}">${content}<details><summary>Notes</summary>${plain(notes.trim()).html}</details><span class="page">${back}${at} / ${count}${on}</span></section>`;
  };
}

/** The first sentences of a caption: a slide has room for two. */
function shortened({ text }: Phrase): Phrase {
  const sentences = text.split(/(?<=\.) (?=[A-Z])/);
  return plain(sentences.slice(0, 2).join(' '));
}
