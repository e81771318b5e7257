import { createHash } from 'node:crypto';
import { escapeMarkup } from '../../stage/export/markup.ts';
import { customProperties, palettes } from './palette.ts';

/**
 * A whole page in one file: no script, nothing fetched, light and dark, and printable. Its style is allowed by hash, so
 * a `style` attribute in the body has no effect.
 *
 * @param body HTML, made safe already.
 * @param more Style of this page alone.
 */
export function htmlPage(title: string, body: string, more = ''): string {
  const styles = style + more;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${sha256(styles)}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${styles}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

const style = `
:root { color-scheme: light dark; ${customProperties(palettes.light)} }
@media (prefers-color-scheme: dark) { :root { ${customProperties(palettes.dark)} } }
@media print { :root { ${customProperties(palettes.print)} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 Georgia, 'Times New Roman', serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 2.2rem; font-weight: normal; line-height: 1.15; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; font-weight: normal; margin: 2.2rem 0 .3rem; border-top: 1px solid var(--rule); padding-top: 1rem; }
p { max-width: 42rem; margin: .3rem 0 1rem; }
.note { color: var(--soft); font-size: .9rem; }
.figures { display: flex; flex-wrap: wrap; gap: 1.2rem 2.4rem; margin: 1.4rem 0 0; padding: 0; }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dt { color: var(--soft); font-size: .85rem; }
.figures dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
figure { margin: 0; overflow-x: auto; }
svg { width: 100%; min-width: 40rem; height: auto; display: block; }
svg text, svg tspan { white-space: pre; }
table { border-collapse: collapse; font-size: .92rem; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; vertical-align: top; border-bottom: 1px solid var(--rule); }
th { font-weight: normal; color: var(--soft); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.weak { color: var(--soft); }
h3 { font-size: 1.05rem; font-weight: normal; font-style: italic; margin: 1.6rem 0 .3rem; break-after: avoid; }
h4 { font-size: .9rem; font-weight: normal; color: var(--soft); margin: .6rem 0 .2rem; }
ul { margin: .2rem 0 1rem; padding-left: 1.1rem; }
.wide { overflow-x: auto; margin: .6rem 0 1rem; }
.wide table { font-size: .82rem; line-height: 1.35; }
.wide th { vertical-align: bottom; }
.wide td.number { white-space: nowrap; }
.told { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 0 2rem; font-size: .9rem; }
.warning { border-left: 4px solid var(--second); padding: .1rem 0 .1rem 1rem; margin: .8rem 0; }
.sample { margin: 1rem 0; max-width: 46rem; }
.sample dt { font-style: italic; }
.sample dd { margin: .25rem 0 .25rem 1.4rem; overflow-wrap: anywhere; }
figcaption { max-width: 46rem; margin-top: .5rem; overflow-wrap: anywhere; }
@media screen and (max-width: 34rem) {
  .wide thead { display: none; }
  .wide table, .wide tbody, .wide tr, .wide td { display: block; }
  .wide tr { padding: .5rem 0; border-bottom: 1px solid var(--rule); }
  .wide td, .wide td.number { border: 0; padding: 0; text-align: left; white-space: normal; }
  .wide td:empty { display: none; }
  .wide td[data-head]::before { content: attr(data-head) ': '; color: var(--soft); }
  .told { grid-template-columns: 1fr; }
}
@media print {
  html { font-size: 12px; }
  body { font-size: 1rem; line-height: 1.4; }
  main { max-width: none; padding: 0; }
  p, figcaption { max-width: none; }
  h2 { margin-top: 1.4rem; }
  h2, h3, h4, thead, h2 + .note { break-after: avoid; }
  figure, tr, .sample { break-inside: avoid; }
  svg { min-width: 0; }
  .wide { overflow: visible; }
  td, th { padding-top: .1rem; padding-bottom: .1rem; }
}
`;
