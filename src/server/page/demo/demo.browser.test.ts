import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import Fastify from 'fastify';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser, openBrowser, openPage } from '../../../testing/browser.ts';
import { servePage } from '../../page-files.ts';

const built = fileURLToPath(new URL('../../../../dist/server/page/demo/', import.meta.url));
const characters = [
  { id: 'ada', name: 'Ada', play: 'the-lamp' },
  { id: 'old-hugo', name: 'Old Hugo', play: 'the-lamp' },
  { id: 'nell', name: 'Nell', play: 'the-tide' },
];

/** What axe finds. */
interface Found {
  readonly violations: readonly { readonly id: string }[];
}

/** A demo without a model: it refuses the first turn, and answers those after it. */
async function pretendDemo() {
  const app = Fastify({ forceCloseConnections: true });
  await servePage(app, built);
  app.get('/api/characters', () => ({ characters }));
  let turns = 0;
  app.post('/api/turns', (_, reply) => {
    if (turns++ === 0)
      return reply
        .code(503)
        .header('retry-after', '7')
        .send({ error: { message: 'eight wait already' } });
    const news = [
      { kind: 'waiting', ahead: 0 },
      { kind: 'text', text: 'I keep ' },
      { kind: 'text', text: 'the lamp.' },
      { kind: 'done', conversation: 'c', stop: 'end' },
    ];
    return reply
      .type('application/x-ndjson')
      .send(`${news.map((one) => JSON.stringify(one)).join('\n')}\n`);
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, [Symbol.asyncDispose]: () => app.close() };
}

describe.skipIf(noBrowser !== undefined)('The page of a demo', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  afterAll(() => browser?.close());

  it('groups characters by play, keeps words that were not let in, and shows an answer', async () => {
    await using demo = await pretendDemo();
    await using opened = await openPage(browser, demo.url, {
      viewport: { width: 390, height: 800 },
    });
    const { page } = opened;
    await page.locator('#character option').nth(2).waitFor({ state: 'attached' });
    const groups = page.locator('optgroup');
    expect(
      await groups.evaluateAll((all) => all.map((one) => (one as HTMLOptGroupElement).label)),
    ).toEqual(['The lamp', 'The tide']);
    await page.fill('#words', 'Who are you?');
    await page.click('#say');
    await page.getByText('Eight wait already. Try again in 7 seconds.').waitFor();
    expect(await page.inputValue('#words')).toBe('Who are you?');
    expect(await page.locator('#lines li').count()).toBe(0);
    await page.click('#say');
    await page.getByText('I keep the lamp.').waitFor();
    expect(await page.locator('#lines li').allTextContents()).toEqual([
      'YouWho are you?',
      'AdaI keep the lamp.',
    ]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate('axe.run()')) as Found;
    expect(violations.map(({ id }) => id)).toEqual([]);
    expect(opened.elsewhere).toEqual([]);
  });
});
