import { createHash } from 'node:crypto';
import { displayName } from '../../play/cast/display-name.ts';
import type { StageState } from '../state.ts';
import { escapeMarkup } from './markup.ts';
import { type PrintedDirection, type PrintedTurn, scenePage } from './scene-page.ts';

/**
 * A scene as a page of a play in one HTML file: no script, nothing fetched, light and dark, and printable. Whatever was
 * said stands there as text; its style is allowed by hash, and nothing else is.
 */
export function asHtml(state: StageState): string {
  const page = scenePage(state);
  const place = `Act ${page.act}, scene ${page.scene}`;
  const title = `${page.title}: ${place.toLowerCase()}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${sha256(style)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeMarkup(page.title)}</h1>
<p class="place">${escapeMarkup([place, page.heading].filter(Boolean).join('. '))}</p>
${page.situation ? `<p class="direction">${escapeMarkup(page.situation)}</p>` : ''}
${page.lines.map((line) => (line.kind === 'turn' ? speech(line) : direction(line))).join('\n')}
<footer><p>${escapeMarkup(page.origin)}</p></footer>
</main>
</body>
</html>
`;
}

function speech({ n, who, manner, text, isCut, isEdited, place }: PrintedTurn): string {
  const how = manner ? ` <i>[${escapeMarkup(manner)}]</i>` : '';
  const marks = [
    ...(place ? [`from the play, ${place}`] : []),
    ...(isCut ? ['stopped'] : []),
    ...(isEdited ? ['edited'] : []),
  ];
  const mark = marks.length > 0 ? ` <small>${escapeMarkup(marks.join(', '))}</small>` : '';
  return `<p id="n${n}"><b>${escapeMarkup(displayName(who))}.</b>${how} ${escapeMarkup(text)}${mark}</p>`;
}

function direction({ n, text, to }: PrintedDirection): string {
  const words = to === undefined ? text : `To ${displayName(to)} alone: ${text}`;
  return `<p id="n${n}" class="direction">[${escapeMarkup(words)}]</p>`;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

const style = `
:root { color-scheme: light dark; --paper: #fbf9f4; --ink: #23201c; --soft: #6b645b; }
@media (prefers-color-scheme: dark) { :root { --paper: #191816; --ink: #e6e1d8; --soft: #a39b8f; } }
@media print { :root { --paper: #fff; --ink: #000; --soft: #444; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 18px/1.6 Georgia, 'Times New Roman', serif; }
main { max-width: 38rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; overflow-wrap: break-word; }
h1 { font-size: 2rem; font-weight: normal; line-height: 1.2; text-align: center; margin: 0 0 .3rem; }
p { margin: 0 0 .7rem; padding-left: 1.5rem; text-indent: -1.5rem; white-space: pre-line; }
b { font-variant-caps: small-caps; letter-spacing: .03em; }
.place { text-align: center; color: var(--soft); margin-bottom: 2.2rem; padding: 0; text-indent: 0; }
.direction { font-style: italic; color: var(--soft); padding-left: 3rem; text-indent: 0; }
small { color: var(--soft); font-size: .75rem; white-space: nowrap; }
footer { margin-top: 3rem; border-top: 1px solid var(--soft); color: var(--soft); font-size: .8rem; }
footer p { padding: 0; text-indent: 0; margin-top: .6rem; }
`;
