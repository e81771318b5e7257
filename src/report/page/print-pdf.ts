import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DramatisError } from '../../errors.ts';
import { writeAtomic } from '../../store/write-atomic.ts';

/** Names and places under which browsers of Chromium's kind are installed. */
const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const longestMs = 60_000;

/** The browser that prints pages: that of DRAMATIS_BROWSER, or one that is installed; undefined where there is none. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env.DRAMATIS_BROWSER;
  if (named) return existsSync(named) ? named : undefined;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...found, ...places].find((path) => existsSync(path));
}

export interface PrintOptions {
  /** The page, as HTML. */
  readonly html: string;
  /** Where the PDF is put. */
  readonly pdf: string;
  /** What the PDF says it was made on. */
  readonly date: Date;
  readonly signal?: AbortSignal;
}

/**
 * Prints a page of ours to PDF with a browser, which opens nothing else: it has a profile of its own, which is deleted. The
 * same page with the same date gives the same bytes from the same browser, whenever and wherever it is printed.
 *
 * @throws {DramatisError} PDF_FAILED with the browser's last words, STORE_UNWRITABLE; `signal.reason`.
 */
export async function printPdf(
  browser: string,
  { html, pdf, date, signal }: PrintOptions,
): Promise<void> {
  signal?.throwIfAborted();
  const profile = await mkdtemp(join(tmpdir(), 'dramatis-browser-'));
  const [page, made] = ['page.html', 'page.pdf'].map((name) => join(profile, name)) as [
    string,
    string,
  ];
  try {
    await writeFile(page, withoutNeighbours(html));
    // As root in a container Chromium has no sandbox; the page is ours and asks for nothing.
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(
      browser,
      [
        ...['--headless=new', ...root, '--disable-gpu', '--disable-extensions', '--no-first-run'],
        ...['--disable-background-networking', `--user-data-dir=${profile}`],
        ...['--no-pdf-header-footer', '--generate-pdf-document-outline'],
        `--print-to-pdf=${made}`,
        pathToFileURL(page).href,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2000);
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), longestMs);
    const stop = (): void => {
      child.kill('SIGKILL');
    };
    signal?.addEventListener('abort', stop);
    const [code] = await once(child, 'exit').finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    });
    signal?.throwIfAborted();
    if (code !== 0 || !existsSync(made)) throw failed(browser, `ended with ${code}`, said);
    const printed = await readFile(made);
    // On a full disk Chromium writes what there is room for, and says that all is well.
    if (!/%%EOF\s*$/.test(printed.subarray(-16).toString('latin1')))
      throw failed(browser, `printed half of the page to ${tmpdir()}, whose disk may be full`, '');
    await writeAtomic(pdf, reproducible(printed, date));
  } catch (error) {
    if (error instanceof DramatisError || signal?.aborted) throw error;
    throw failed(browser, 'could not be started', (error as Error).message, error);
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * A page whose links to files beside it are the names of those files: in a PDF they would be paths of the machine that
 * printed it.
 */
const withoutNeighbours = (html: string): string =>
  html.replace(/<a href="(?!#|[a-z]+:)([^"]*)">[^<]*<\/a>/g, '$1');

/**
 * A PDF without what differs from one printing to the next: it says that it was made at another time, and the parts of its
 * structure are numbered from 0 on, in their order, where Chromium goes on from whatever it numbered before. All is as long
 * as before, so that every offset in the file holds.
 */
function reproducible(pdf: Buffer, date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const text = pdf.toString('latin1');
  const dated = text.replaceAll(
    /(\/(?:CreationDate|ModDate) \(D:)\d{14}[+-]\d\d'\d\d'\)/g,
    `$1${digits}+00'00')`,
  );
  const part = /(?<=\(node)\d{8}(?=\))/g;
  const parts = [...new Set(dated.match(part))].sort();
  const numbers = new Map(parts.map((one, i) => [one, String(i).padStart(8, '0')]));
  return Buffer.from(
    dated.replaceAll(part, (one) => numbers.get(one)!),
    'latin1',
  );
}

function failed(browser: string, how: string, said: string, cause?: unknown): DramatisError {
  const last = said.trim().split('\n').at(-1) ?? '';
  return new DramatisError('PDF_FAILED', `${browser} ${how}${last === '' ? '' : `: ${last}`}`, {
    cause,
  });
}
