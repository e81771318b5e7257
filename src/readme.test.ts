import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  'README.md',
  'bench/README.md',
  'native/README.md',
  'src/README.md',
  'src/steer/README.md',
  'src/steer/grammar/grammar.md',
];
const text = (page: string): string => readFileSync(join(root, page), 'utf8');
const linesOf = (path: string): number => text(path).split('\n').length - 1;

/** Files that a question passes through and the lines that src/README.md says they have: rows "| `path` | lines | what |". */
function pathOfAQuestion(): { path: string; lines: number }[] {
  const section = text('src/README.md');
  return [...section.matchAll(/^\| `([^`]+)` \| (\d+) \|/gm)].map(([, path, lines]) => ({
    path: path!,
    lines: Number(lines),
  }));
}

describe('README', () => {
  it('can be read at one go', () => {
    expect(linesOf('README.md')).toBeLessThanOrEqual(250);
  });

  it('names the files that a question passes, with about as many lines as they have', () => {
    const files = pathOfAQuestion();
    expect(files.length).toBeGreaterThan(10);
    for (const { path, lines } of files) {
      expect(existsSync(join(root, path)), path).toBe(true);
      expect(Math.abs(linesOf(path) - lines), path).toBeLessThanOrEqual(0.1 * lines + 5);
    }
    const total = Number(
      /some ([\d,]+) lines in all/.exec(text('src/README.md'))![1]!.replace(',', ''),
    );
    const sum = files.reduce((lines, file) => lines + file.lines, 0);
    expect(Math.abs(total - sum)).toBeLessThanOrEqual(0.05 * sum);
  });
});

describe('The pages', () => {
  it('link to files that are there', () => {
    for (const page of pages)
      for (const [, target] of text(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g))
        expect(existsSync(join(root, dirname(page), target!)), `${page}: ${target}`).toBe(true);
  });
});
