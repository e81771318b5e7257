import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Paths in the tarball that npm would make of what lies here. */
function packed(): string[] {
  const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(said) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}

describe('The package', () => {
  const files = packed();

  it('has no tests, no supports of tests, and no maps to sources that are not in it', () => {
    const unwanted =
      /\.test\.|\.bench\.|\.map$|tsbuildinfo|^dist\/(journeys|testing)\/|^native\/(test\/|format)|(^|\/)\.(?!$)|^(src|bench|build|node_modules)\//;
    expect(files.filter((path) => unwanted.test(path))).toEqual([]);
  });

  it('has everything that building the addon reads', () => {
    const sources = readdirSync(`${root}native`, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(cc|h|cmake|patch|mjs)$/.test(path) && !/^(test\/|format)/.test(path))
      .map((path) => `native/${path}`);
    expect(sources.length).toBeGreaterThan(50);
    expect(files).toEqual(expect.arrayContaining([...sources, 'CMakeLists.txt']));
  });

  it('has the program, its types, the page, the catalogues and the licence', () => {
    const wanted = 'dist/index.js dist/index.d.ts dist/cli/main.js models/catalogue.json LICENSE';
    const page = 'dist/server/page/index.html dist/server/page/page.js dist/server/page/style.css';
    expect(files).toEqual(expect.arrayContaining(`${wanted} ${page}`.split(' ')));
  });
});
