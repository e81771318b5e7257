import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { InventedStudy } from '../../testing/invented-study.ts';
import { runCommandLine } from '../command-line.ts';

let invented: InventedStudy;
let out: string;
const said: string[] = [];
beforeAll(async () => {
  invented = await InventedStudy.make({ characters: ['marta'] });
  out = invented.file('report');
  process.env.DRAMATIS_BROWSER = invented.file('no-browser');
}, 60_000);
afterAll(() => {
  delete process.env.DRAMATIS_BROWSER;
  invented[Symbol.dispose]();
});
afterEach(() => vi.restoreAllMocks());

async function run(...words: string[]): Promise<string> {
  said.length = 0;
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
  await runCommandLine(['report', invented.folder, '--out', out, ...words]);
  return said.join('');
}

describe('dramatis report', () => {
  it('writes the whole set without a browser, and says why there are no PDFs', async () => {
    const printed = await run();
    expect(printed).toContain(`${join(out, 'report.html')}\n`);
    expect(printed).toMatch(
      /there is no .*no-browser, which DRAMATIS_BROWSER names, so there are no PDFs/,
    );
    expect(readdirSync(out).sort()).toEqual([
      ...['figures', 'numbers.json', 'report.html', 'slides.html', 'tables'],
    ]);
    expect(readdirSync(join(out, 'figures'))).toContain('speed.svg');
  });

  it('fails where a PDF was asked for and cannot be', async () => {
    await expect(run('--pdf')).rejects.toMatchObject({ code: 'PDF_FAILED' });
    await expect(run('--check', '--pdf')).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('checks what it wrote, and names what was changed in the rows or in the page', async () => {
    await run('--no-pdf');
    expect(await run('--check')).toMatch(/^\d+ numbers follow from the rows of /);
    const page = join(out, 'report.html');
    const html = readFileSync(page, 'utf8');
    writeFileSync(page, html.replace(/<data value="0\.\d+"/, '<data value="0.999"'));
    await expect(run('--check')).rejects.toThrow(
      /^0 of \d+ numbers .*and report\.html has others: /,
    );
    writeFileSync(page, html);
    await invented.changeRow(invented.task('eval-large-marta'), (row) => {
      row.values.right = 1 - row.values.right!;
      return true;
    });
    await expect(run('--check')).rejects.toMatchObject({ code: 'REPORT_STALE' });
    expect(said.join('')).toContain('right of know, row "subject", in eval-large-marta-prompted');
  });

  it('says what a folder lacks that is no study or no report', async () => {
    const none = invented.file('none');
    mkdirSync(none);
    await expect(runCommandLine(['report', none])).rejects.toMatchObject({ code: 'FILE_MISSING' });
    out = none;
    await expect(run('--check')).rejects.toThrow(/there is no file .*numbers\.json/);
    writeFileSync(join(none, 'numbers.json'), '{"format":');
    await expect(run('--check')).rejects.toThrow('is not the list of numbers');
  });
});
