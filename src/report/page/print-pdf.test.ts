import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrowser, printPdf } from './print-pdf.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-pdf-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program in place of a browser. */
function pretend(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('A browser that prints', () => {
  it('is the one that is named, and no other; else one on the path', () => {
    const chromium = pretend('chromium', 'true');
    expect(findBrowser({ PATH: folder })).toBe(chromium);
    expect(findBrowser({ PATH: folder, DRAMATIS_BROWSER: join(folder, 'none') })).toBeUndefined();
    const other = pretend('other', 'true');
    expect(findBrowser({ PATH: folder, DRAMATIS_BROWSER: other })).toBe(other);
  });

  it('is told the page and the file, and leaves no profile', async () => {
    const browser = pretend(
      'browser',
      [
        'for word',
        'do case $word in',
        '--print-to-pdf=*) out=$(echo "$word" | cut -d= -f2) ;;',
        '--user-data-dir=*) profile=$(echo "$word" | cut -d= -f2) ;;',
        '*) last=$word ;;',
        'esac; done',
        'echo "$last $profile" >"$out"',
      ].join('\n'),
    );
    const pdf = join(folder, 'a.pdf');
    await printPdf(browser, { page: join(folder, 'a page.html'), pdf });
    const [page, profile] = readFileSync(pdf, 'utf8').trim().split(' ');
    expect(page).toMatch(/^file:\/\/.*\/a%20page\.html$/);
    expect(existsSync(profile!)).toBe(false);
  });

  it('that fails is quoted, and an old file does not pass for a new one', async () => {
    const pdf = join(folder, 'a.pdf');
    writeFileSync(pdf, 'old');
    const page = join(folder, 'a.html');
    const silent = pretend('silent', 'true');
    await expect(printPdf(silent, { page, pdf })).rejects.toThrow(`${silent} ended with 0`);
    const loud = pretend('loud', 'echo "no display" >&2; exit 3');
    await expect(printPdf(loud, { page, pdf })).rejects.toThrow(`${loud} ended with 3: no display`);
    await expect(printPdf(join(folder, 'none'), { page, pdf })).rejects.toThrow(
      'could not be started',
    );
    // Nothing is destroyed before there is another.
    const killed = pretend('killed', 'kill -9 $$');
    await expect(printPdf(killed, { page, pdf })).rejects.toThrow(`${killed} ended with null`);
    expect(readFileSync(pdf, 'utf8')).toBe('old');
  });
});
