/** A text as it stands in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * A whole page in one file: no script, nothing fetched, light and dark, and printable.
 *
 * @param body HTML, made safe already.
 */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

/** Blue and orange of the palette by Okabe and Ito, which the colour-blind can tell apart. */
const style = `
:root { color-scheme: light dark; --paper: #fdfcf9; --ink: #1c1b19; --soft: #6b6862; --rule: #dedad2; --accent: #0072b2; --second: #d55e00; }
@media (prefers-color-scheme: dark) { :root { --paper: #171614; --ink: #ece9e2; --soft: #a39f97; --rule: #3a3833; --accent: #56b4e9; --second: #e69f00; } }
@media print { :root { --paper: #fff; --ink: #000; --soft: #444; --rule: #bbb; --accent: #0072b2; --second: #d55e00; } section { break-inside: avoid; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 Georgia, 'Times New Roman', serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 2.2rem; font-weight: normal; line-height: 1.15; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; font-weight: normal; margin: 2.8rem 0 .3rem; border-top: 1px solid var(--rule); padding-top: 1rem; }
p { max-width: 42rem; margin: .3rem 0 1rem; }
.note { color: var(--soft); font-size: .9rem; }
.figures { display: flex; flex-wrap: wrap; gap: 1.2rem 2.4rem; margin: 1.4rem 0 0; padding: 0; }
.figures div { display: flex; flex-direction: column-reverse; }
.figures dt { color: var(--soft); font-size: .85rem; }
.figures dd { margin: 0; font-size: 1.6rem; font-variant-numeric: tabular-nums; }
figure { margin: 0; overflow-x: auto; }
svg { width: 100%; min-width: 40rem; height: auto; display: block; }
table { border-collapse: collapse; font-size: .92rem; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; vertical-align: top; border-bottom: 1px solid var(--rule); }
th { font-weight: normal; color: var(--soft); }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
td .weak { color: var(--soft); }
`;
