import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StageState, stateOf } from '../stage/state.ts';
import { noBrowser, openBrowser, openPage } from '../testing/browser.ts';
import { home } from '../testing/home.ts';
import { folder, start } from './dramatis.ts';

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** `dramatis serve` in a home, once it says where it is. */
async function serving(at: string, port: number): Promise<ChildProcess & AsyncDisposable> {
  const args = ['serve', '--port', String(port), '--gpu', 'off', '--json'];
  const child = start(args, { env: { DRAMATIS_HOME: at } });
  child.stderr!.resume();
  const lines = createInterface({ input: child.stdout! });
  const [said] = (await once(lines, 'line')) as [string];
  expect(JSON.parse(said)).toEqual({ url: `http://127.0.0.1:${port}` });
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return Object.assign(child, { [Symbol.asyncDispose]: stop });
}

/** The scene that is kept in a home, read from its file. */
async function kept(at: string): Promise<StageState> {
  const conversations = join(at, 'conversations');
  const name = (await readdir(conversations)).find((file) => file.endsWith('.stage.jsonl'))!;
  const lines = (await readFile(join(conversations, name), 'utf8')).trim().split('\n');
  return stateOf(lines.map((line) => JSON.parse(line).record));
}

const shown = (page: Page): Promise<string[]> =>
  page.locator('.turn:not(.spoken) .said').allTextContents();
const said = async (at: string): Promise<string[]> =>
  (await kept(at)).turns.map(({ text }) => text);
const patient = { timeout: 60_000, interval: 100 };

describe.skipIf(noBrowser)('The page of a server', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it('shows a scene of four in which a person speaks, through a kill of the server, with no character lost or doubled', async () => {
    await using at = await folder();
    for (const part of ['models', 'plays', 'cache', 'indices'])
      if (existsSync(join(home, part))) await symlink(join(home, part), join(at.path, part));
    const port = await freePort();
    const server = await serving(at.path, port);
    await using _ = server;
    await using opened = await openPage(browser, `http://127.0.0.1:${port}/#/new`);
    const { page } = opened;

    await page.getByRole('combobox', { name: 'Play' }).selectOption('hamlet');
    await page.getByRole('combobox', { name: 'Place' }).selectOption('1.4');
    await page.getByRole('radiogroup', { name: 'Horatio' }).getByLabel('by me').check();
    await page.getByRole('spinbutton', { name: 'Turns' }).fill('100');
    await page.getByRole('spinbutton', { name: 'Seed' }).fill('3');
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.waitForSelector('.view-stage .turn', { timeout: 60_000 });
    const talk = async (until: number): Promise<void> => {
      // Horatio answers whenever it is his turn.
      for (;;) {
        const { turns, asked } = await kept(at.path);
        if (turns.length >= until) return;
        if (asked === 'HORATIO') {
          await page.waitForSelector('.composer.asked');
          await page.locator('#composer-text').fill('It would be spoke to, my lord.');
          await page.keyboard.press('Enter');
          await expect.poll(async () => (await kept(at.path)).asked, patient).toBeUndefined();
        }
        await page.waitForTimeout(100);
      }
    };
    await talk(5);
    // A person may speak at any time, as anybody.
    await page
      .getByLabel('Say as')
      .selectOption('HORATIO')
      .catch(() => {});
    await page.locator('#composer-text').fill('My lord, I came to see your father.');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => said(at.path), patient)
      .toContain('My lord, I came to see your father.');

    // Reloads while words come: what stands there is what the journal has.
    for (const wait of [150, 410, 90]) {
      await page.waitForTimeout(wait);
      await page.reload();
      await page.waitForSelector('.turn', { timeout: 60_000 });
      const now = await shown(page);
      expect((await said(at.path)).slice(0, now.length)).toEqual(now);
    }

    await talk((await kept(at.path)).turns.length + 1);
    server.kill('SIGKILL');
    await once(server, 'exit');
    await page.waitForSelector('[data-standing="lost"]');
    const before = await said(at.path);
    await using __ = await serving(at.path, port);
    await page.waitForSelector('[data-standing="live"]', { timeout: 60_000 });
    await talk(before.length + 3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(async () => (await kept(at.path)).isPaused, patient).toBe(true);
    await expect.poll(() => page.locator('.spoken').count(), patient).toBe(0);
    const all = await said(at.path);
    expect(all.slice(0, before.length)).toEqual(before);
    await expect.poll(() => shown(page), patient).toEqual(all);
    await page.reload();
    await page.waitForSelector('.turn');
    expect(await shown(page)).toEqual(all);
    expect(opened.elsewhere).toEqual([]);
    expect(opened.faults.filter((fault) => !/ERR_CONNECTION|ERR_INCOMPLETE/.test(fault))).toEqual(
      [],
    );
  });
});
