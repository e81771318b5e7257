import { cpSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const out = fileURLToPath(new URL('../../../dist/server/page/', import.meta.url));

// One script, one style sheet and the page that names them; nothing of it is fetched from elsewhere.
await build({
  entryPoints: {
    page: `${here}page.tsx`,
    style: `${here}styles/page.css`,
    'demo/page': `${here}demo/demo.ts`,
    'demo/style': `${here}demo/demo.css`,
  },
  outdir: out,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2023'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
});
mkdirSync(`${out}demo`, { recursive: true });
for (const name of ['index.html', 'icon.svg', 'demo/index.html'])
  cpSync(`${here}${name}`, `${out}${name}`);
cpSync(`${here}icon.svg`, `${out}demo/icon.svg`);
