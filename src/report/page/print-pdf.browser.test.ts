import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { htmlPage } from './html.ts';
import { findBrowser, printPdf } from './print-pdf.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-pdf-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const browser = findBrowser();
const body = `<h1 id="top">A page</h1>
<p><a href="#top">Up</a>, <a href="tables/a.csv">CSV</a>
<table><thead><tr><th>model<th>n</tr></thead><tr><td>small<td>3</tr></table>`;

describe.skipIf(browser === undefined)('A page that Chromium prints', () => {
  it('is the same bytes another time and elsewhere, with the date that was given', async () => {
    const html = htmlPage('A page', body);
    const date = new Date('2026-01-02T03:04:05Z');
    const paths = ['a.pdf', 'another.pdf'].map((name) => join(folder, name));
    for (const pdf of paths) await printPdf(browser!, { html, pdf, date });
    const [one, other] = paths.map((path) => readFileSync(path, 'latin1'));
    expect(one === other).toBe(true);
    expect(one!.match(/\/(?:Creation|Mod)Date \(D:[^)]*\)/g)).toEqual([
      "/CreationDate (D:20260102030405+00'00')",
      "/ModDate (D:20260102030405+00'00')",
    ]);
    expect(one).not.toContain('file://');
    // Where the table of its objects begins is where the end of the file says.
    const start = Number(/startxref\n(\d+)\n%%EOF\s*$/.exec(one!)![1]);
    expect(one!.slice(start, start + 4)).toBe('xref');
  }, 60_000);
});
