import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DramatisError } from '../../errors.ts';
import { takePlace } from '../../store/take-place.ts';
import { temporaryPath } from '../../store/temporary.ts';

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

/**
 * Prints a page of ours to PDF with a browser, which opens nothing else: it has a profile of its own, which is deleted.
 *
 * @throws {DramatisError} PDF_FAILED with the browser's last words, STORE_UNWRITABLE; `signal.reason`.
 */
export async function printPdf(
  browser: string,
  {
    page,
    pdf,
    signal,
  }: { readonly page: string; readonly pdf: string; readonly signal?: AbortSignal },
): Promise<void> {
  signal?.throwIfAborted();
  const profile = await mkdtemp(join(tmpdir(), 'dramatis-browser-'));
  // What an earlier report left stays until there is another, and does not pass for this one.
  const made = temporaryPath(resolve(pdf));
  try {
    // As root in a container Chromium has no sandbox; the page is ours and asks for nothing.
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(
      browser,
      [
        ...['--headless=new', ...root, '--disable-gpu', '--disable-extensions', '--no-first-run'],
        ...['--disable-background-networking', `--user-data-dir=${profile}`],
        ...['--no-pdf-header-footer', '--generate-pdf-document-outline'],
        `--print-to-pdf=${made}`,
        pathToFileURL(resolve(page)).href,
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
    await takePlace(made, pdf);
  } catch (error) {
    if (error instanceof DramatisError || signal?.aborted) throw error;
    throw failed(browser, 'could not be started', (error as Error).message, error);
  } finally {
    await rm(made, { force: true });
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function failed(browser: string, how: string, said: string, cause?: unknown): DramatisError {
  const last = said.trim().split('\n').at(-1) ?? '';
  return new DramatisError('PDF_FAILED', `${browser} ${how}${last === '' ? '' : `: ${last}`}`, {
    cause,
  });
}
