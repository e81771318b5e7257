import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrowser, printPdf } from './print-pdf.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-pdf-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const date = new Date('2026-01-02T03:04:05Z');

/** What a browser is told, as variables of the shell. */
const wordsOfBrowser = `for word; do case $word in
--print-to-pdf=*) out=\${word#*=} ;;
--user-data-dir=*) profile=\${word#*=} ;;
*) last=$word ;;
esac; done`;

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

  it('is shown the page and told the file, and leaves no profile', async () => {
    const browser = pretend('browser', `${wordsOfBrowser}\necho "$profile $last %%EOF" >"$out"`);
    const pdf = join(folder, 'a.pdf');
    await printPdf(browser, { html: '<p>Hello', pdf, date });
    const [profile, page] = readFileSync(pdf, 'utf8').trim().split(' ');
    expect(page).toBe(`${pathToFileURL(join(profile!, 'page.html'))}`);
    expect(existsSync(profile!)).toBe(false);
  });

  it('numbers the parts of the page from 0 on, in their order', async () => {
    const copy = `${wordsOfBrowser}\ncp "\${last#file://}" "$out"`;
    const browser = pretend('browser', copy);
    const pdf = join(folder, 'a.pdf');
    const html = '(node00000071)(node00001584)(node00000175)(node00000071)%%EOF';
    await printPdf(browser, { html, pdf, date });
    expect(readFileSync(pdf, 'utf8')).toBe(
      '(node00000000)(node00000002)(node00000001)(node00000000)%%EOF',
    );
  });

  it('leaves no date of its own and no path of this machine in the file, whose length stays', async () => {
    const copy = `${wordsOfBrowser}\ncp "\${last#file://}" "$out"`;
    const browser = pretend('browser', copy);
    const pdf = join(folder, 'a.pdf');
    const dates = (of: string): string => `/CreationDate (D:${of})\n/ModDate (D:${of})>>\xff`;
    const links = '<a href="#speed">Speed</a> <a href="tables/speed.csv">CSV</a>';
    await printPdf(browser, { html: `${dates("20261201010421-05'30'")}${links}%%EOF`, pdf, date });
    expect(readFileSync(pdf, 'utf8')).toBe(
      `${dates("20260102030405+00'00'")}<a href="#speed">Speed</a> tables/speed.csv%%EOF`,
    );
  });

  it('that fails is quoted, and an old file does not pass for a new one', async () => {
    const pdf = join(folder, 'a.pdf');
    writeFileSync(pdf, 'old');
    const html = '<p>Hello';
    const silent = pretend('silent', 'true');
    await expect(printPdf(silent, { html, pdf, date })).rejects.toThrow(`${silent} ended with 0`);
    const loud = pretend('loud', 'echo "no display" >&2; exit 3');
    await expect(printPdf(loud, { html, pdf, date })).rejects.toThrow(
      `${loud} ended with 3: no display`,
    );
    await expect(printPdf(join(folder, 'none'), { html, pdf, date })).rejects.toThrow(
      'could not be started',
    );
    // Nothing is destroyed before there is another.
    const killed = pretend('killed', 'kill -9 $$');
    await expect(printPdf(killed, { html, pdf, date })).rejects.toThrow(
      `${killed} ended with null`,
    );
    const half = pretend('half', `${wordsOfBrowser}\necho "%PDF-1.4" >"$out"`);
    await expect(printPdf(half, { html, pdf, date })).rejects.toThrow(
      /half printed half of the page to .*, whose disk may be full$/,
    );
    expect(readFileSync(pdf, 'utf8')).toBe('old');
  });
});
