import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StageEvent } from '../../stage/events.ts';
import { noBrowser, openBrowser, openPage } from '../../testing/browser.ts';
import { PageServer } from '../../testing/page-server.ts';
import { openEvent, spoken } from '../../testing/stage-scene.ts';

const both = ['MARTA', 'OLD HUGO'];
/** A scene of two on stage, who have said so many turns of some length. */
const scene = (turns: number): StageEvent[] => [
  openEvent,
  { kind: 'enter', who: both, by: 'situation' },
  ...spoken(
    ...Array.from(
      { length: turns },
      (_, i) => `Turn ${i + 1}. ${'The tide comes in and goes out. '.repeat(i % 4)}`,
    ),
  ),
];

async function serving(events: readonly StageEvent[] = scene(4)): Promise<PageServer> {
  const server = new PageServer();
  server.add('abcdef', events);
  await server.listen();
  return server;
}

/** What axe finds. */
interface Found {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** What the page shows as said, without names and marks. */
const saidOn = (page: Page): Promise<string[]> => page.locator('.turn .said').allTextContents();
const saidIn = (server: PageServer): string[] =>
  server.scenes.get('abcdef')!.state.turns.map(({ text }) => text);

/** Whether all of an element is on screen. */
const isInSight = (element: Element): boolean => {
  const { top, bottom } = element.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
};

/** Waits until the page shows what the journal has, word for word. */
async function shows(page: Page, server: PageServer): Promise<void> {
  const isSame = async (): Promise<boolean> =>
    (await saidOn(page)).join('\n') === saidIn(server).join('\n');
  await expect
    .poll(isSame, { timeout: 10_000 })
    .toBe(true)
    .catch(() => {});
  expect(await saidOn(page)).toEqual(saidIn(server));
}

describe.skipIf(noBrowser)('The page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  const open = (server: PageServer, path = '#/scene/abcdef', options = {}) =>
    openPage(browser, `${server.url}/${path}`, options);

  it('shows a scene as its journal has it, and asks nobody else', async () => {
    await using server = await serving();
    await using at = await open(server);
    await at.page.waitForSelector('.turn');
    expect(await saidOn(at.page)).toEqual(saidIn(server));
    expect(at.faults).toEqual([]);
    expect(at.elsewhere).toEqual([]);
  });

  it('shows the same text after a reload at any token', async () => {
    await using server = await serving();
    server.tokenMs = 15;
    await using at = await open(server);
    const { page } = at;
    await page.waitForSelector('.turn');
    await page.keyboard.press('Space');
    for (let reload = 0; reload < 20; reload++) {
      await page.waitForTimeout(20 + 37 * (reload % 7));
      await page.reload();
      await page.waitForSelector('.turn');
      // The last may still be on its way.
      const whole = (await saidOn(page)).slice(0, -1);
      expect(saidIn(server).slice(0, whole.length)).toEqual(whole);
    }
    await page.keyboard.press('Space');
    await page.waitForFunction(() => !document.querySelector('.spoken'));
    await shows(page, server);
    expect(saidIn(server).length).toBeGreaterThan(6);
  });

  it('goes on where it was when the server was away', async () => {
    await using server = await serving();
    await using at = await open(server);
    await at.page.waitForSelector('.turn');
    await expect.poll(() => server.asked.includes('GET /api/events')).toBe(true);
    const port = Number(new URL(server.url).port);
    await server.close();
    await at.page.waitForSelector('[data-standing="lost"]');
    await server.listen(port);
    server.append('abcdef', spoken('And so it went on.')[0]!);
    await shows(at.page, server);
    expect(await at.page.locator('[data-standing="live"]').count()).toBe(1);
  });

  it('shows markup as text, wherever it comes from', async () => {
    const evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    await using server = await serving([
      ...scene(1),
      { kind: 'note', text: evil, by: 'human', heard: both },
      { kind: 'enter', who: [evil], by: 'human' },
      ...spoken(evil),
    ]);
    await using at = await open(server);
    await at.page.waitForSelector('.turn');
    server.texts = [evil];
    await at.page.keyboard.press('.');
    await expect.poll(() => saidIn(server).length).toBe(3);
    await shows(at.page, server);
    expect(await at.page.locator('.script img, .script script').count()).toBe(0);
    expect(at.faults).toEqual([]);
  });

  it('leaves a reader who scrolls up where they are, to the end of the turn', async () => {
    await using server = await serving(scene(60));
    await using at = await open(server);
    const { page } = at;
    await page.waitForSelector('.turn');
    server.texts = ['And then he told the whole of it from the beginning. '.repeat(16)];
    server.tokenMs = 10;
    const top = () => page.evaluate(() => document.scrollingElement!.scrollTop);
    await page.keyboard.press('.');
    await page.waitForSelector('.spoken');
    const atEnd = await top();
    await expect.poll(top).toBeGreaterThan(atEnd); // it follows
    await page.mouse.move(600, 300);
    await page.mouse.wheel(0, -900);
    await page.waitForTimeout(300);
    const left = await top();
    await expect.poll(() => saidIn(server).length, { timeout: 10_000 }).toBe(61);
    await page.waitForTimeout(100);
    expect(Math.abs((await top()) - left)).toBeLessThanOrEqual(1);
    await page.keyboard.press('End');
    await expect.poll(top).toBeGreaterThan(left + 500);
  });

  it('says a turn once it is whole, and never while it comes', async () => {
    await using server = await serving();
    await using at = await open(server);
    const { page } = at;
    await page.waitForSelector('.turn');
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const region = document.querySelector('[aria-live="polite"]')!;
      new MutationObserver(() => said.push(region.textContent!)).observe(region, {
        ...{ childList: true, characterData: true, subtree: true },
      });
    });
    server.texts = ['Light the lamp, and let them see it from the bay.'];
    await page.keyboard.press('.');
    await expect.poll(() => saidIn(server).length).toBe(5);
    const said = () => page.evaluate(() => (window as unknown as { said: string[] }).said);
    await expect.poll(said).toEqual(['Marta: Light the lamp, and let them see it from the bay.']);
    expect(await page.locator('.script').getAttribute('aria-live')).toBe('off');
  });

  it('opens one stream for eight tabs, and each of them goes on', async () => {
    await using server = await serving();
    const context = await browser.newContext();
    const pages: Page[] = [];
    for (let tab = 0; tab < 8; tab++) {
      const page = await context.newPage();
      await page.goto(`${server.url}/#/scene/abcdef`);
      pages.push(page);
    }
    for (const page of pages) await page.waitForSelector('.turn');
    expect(server.asked.filter((path) => path === 'GET /api/events')).toHaveLength(1);
    server.append('abcdef', spoken('All of you hear it.')[0]!);
    for (const page of pages) await shows(page, server);
    await pages.shift()!.close(); // the one that reads the stream
    await expect
      .poll(() => server.asked.filter((path) => path === 'GET /api/events'))
      .toHaveLength(2);
    server.append('abcdef', spoken('And this, too.')[0]!);
    for (const page of pages) await shows(page, server);
    await context.close();
  });

  it('says nothing to other tabs while none of them watches', async () => {
    await using server = await serving();
    server.tokenMs = 2;
    server.texts = [`It comes${', and comes'.repeat(40)}.`];
    await using at = await openPage(browser, 'about:blank');
    await at.page.addInitScript(() => {
      const { postMessage } = BroadcastChannel.prototype;
      Object.assign(globalThis, { posted: 0 });
      BroadcastChannel.prototype.postMessage = function (message) {
        (globalThis as unknown as { posted: number }).posted++;
        postMessage.call(this, message);
      };
    });
    await at.page.goto(`${server.url}/#/scene/abcdef`);
    await at.page.waitForSelector('[data-standing="live"]');
    await at.page.keyboard.press('.');
    await expect.poll(() => saidIn(server).length).toBe(5);
    await shows(at.page, server);
    expect(await at.page.evaluate('posted')).toBeLessThan(20);
  });

  it('shows every line of a long scene, from the one that its address names or from its end', async () => {
    await using server = await serving(scene(200));
    await using at = await open(server, '#/scene/abcdef/102');
    await shows(at.page, server);
    expect(await at.page.locator('.part').count()).toBeGreaterThan(3);
    expect(await at.page.locator('[aria-current="true"] .said').textContent()).toMatch(
      /^Turn 100\./,
    );
    await expect(at.page.locator('#line-102').evaluate(isInSight)).resolves.toBe(true);
    await using end = await open(server);
    await shows(end.page, server);
    await expect.poll(() => end.page.locator('#line-202').evaluate(isInSight)).toBe(true);
    // What comes stands at the end of the last part, and later in one of its own.
    for (let turn = 0; turn < 50; turn++) server.append('abcdef', spoken(`More ${turn}.`)[0]!);
    await shows(end.page, server);
    await expect.poll(() => end.page.locator('#line-252').evaluate(isInSight)).toBe(true);
    expect(end.faults).toEqual([]);
  });

  it('is worked by keys alone', async () => {
    await using server = await serving();
    await using at = await open(server);
    const { page } = at;
    await page.waitForSelector('.turn');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.inspector h2').textContent()).toContain('Turn 3');
    await page.keyboard.press('e');
    await page.locator('dialog textarea').fill('Other words.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => saidIn(server)[2]).toBe('Other words.');
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await page.waitForFunction(() => document.activeElement?.id === 'composer-text');
    await page.keyboard.type('I am here. e f r s 1');
    await page.keyboard.press('Enter');
    await shows(page, server);
    expect(saidIn(server).at(-1)).toBe('I am here. e f r s 1');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    expect(await page.locator('dialog h2').textContent()).toBe('Keys');
  });

  it('leaves the focus where a key put it before the end of a dialog is heard', async () => {
    await using server = await serving();
    await using at = await open(server);
    const { page } = at;
    await page.waitForSelector('.turn');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.keyboard.press('e');
    await page.waitForSelector('dialog textarea');
    await page.evaluate(() => {
      document.querySelector('dialog')!.close();
      document.getElementById('composer-text')!.focus();
    });
    await page.waitForSelector('dialog', { state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('composer-text');
  });

  it('keeps what is written while the words before it are on their way', async () => {
    await using server = await serving();
    server.commandMs = 400;
    await using at = await open(server);
    const { page } = at;
    await page.waitForSelector('.turn');
    await page.keyboard.press('s');
    await page.waitForFunction(() => document.activeElement?.id === 'composer-text');
    await page.keyboard.type('The first.');
    await page.keyboard.press('Enter');
    await page.keyboard.type('The second.');
    await page.keyboard.press('Enter');
    await page.keyboard.type('The third');
    await expect.poll(() => saidIn(server).slice(-2)).toEqual(['The first.', 'The second.']);
    await shows(page, server);
    expect(await page.locator('#composer-text').inputValue()).toBe('The third');
  });

  it('goes on for the other tabs when a scene that one of them shows is thrown away', async () => {
    await using server = await serving();
    server.add('bbbbbb', scene(2));
    await using at = await open(server);
    const other = await at.page.context().newPage();
    await other.goto(`${server.url}/#/scene/bbbbbb`);
    for (const page of [at.page, other]) await page.waitForSelector('[data-standing="live"]');
    const port = Number(new URL(server.url).port);
    server.scenes.delete('bbbbbb');
    await server.close();
    await server.listen(port);
    await expect.poll(() => server.asked.includes('GET /api/conversations/bbbbbb')).toBe(true);
    server.append('abcdef', spoken('And so it went on.')[0]!);
    await shows(at.page, server);
  });

  it('asks for a key where the server wants one', async () => {
    await using server = await serving();
    server.key = 'sesame';
    await using at = await open(server);
    const key = at.page.locator('input[type="password"]');
    await key.fill('wrong');
    await at.page.keyboard.press('Enter');
    await expect
      .poll(() => at.page.locator('dialog .failure').textContent())
      .toContain('No such key');
    await key.fill('sesame');
    await at.page.keyboard.press('Enter');
    await at.page.waitForSelector('.turn');
    await shows(at.page, server);
  });

  it('talks with one character, and keeps every word that came', async () => {
    await using server = await serving();
    withAnswers(server);
    server.texts = [
      'I am the keeper of the light.',
      'It burns, and it is mine to keep, for ever. '.repeat(9),
    ];
    await using at = await open(server, '#/talk');
    const { page } = at;
    await page.getByRole('link', { name: 'Old Hugo' }).click();
    await page.getByLabel('Say to Old Hugo').fill('Who are you?');
    await page.keyboard.press('Enter');
    await expect.poll(() => saidOn(page)).toEqual(['Who are you?', server.texts[0]]);
    await page.keyboard.type('Does the lamp burn?');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await saidOn(page)).at(-1)!.length).toBeGreaterThan(20);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.waitForFunction(() => !document.querySelector('.spoken'));
    const stopped = await saidOn(page);
    expect(server.texts[1]!.startsWith(stopped.at(-1)!)).toBe(true);
    await page.reload();
    await expect.poll(() => saidOn(page)).toEqual(stopped);
    expect(at.faults).toEqual([]);
  });

  it('shows only what one of them knows', async () => {
    await using server = await serving([
      ...scene(2),
      {
        kind: 'turn',
        who: 'OLD HUGO',
        playedBy: 'human',
        heard: ['OLD HUGO'],
        isAside: true,
        text: 'She lies.',
      },
    ]);
    await using at = await open(server);
    await at.page.waitForSelector('.turn');
    expect(await at.page.locator('.turn').count()).toBe(3);
    await at.page.locator('#knower').selectOption('MARTA');
    await expect.poll(() => saidOn(at.page)).toEqual(saidIn(server).slice(0, 2));
  });

  describe('has no fault that axe finds', () => {
    const views = {
      stage: '#/scene/abcdef',
      library: '#/library',
      new: '#/new',
      talk: '#/talk/hugo',
      compare: '#/compare/abcdef/abcdef',
      figures: '#/figures/abcdef',
      adapters: '#/adapters',
    };

    it('in any view, light or dark', async () => {
      await using server = await serving();
      withAnswers(server);
      await using at = await open(server, '#/library');
      const { page } = at;
      await page.evaluate(axe.source);
      for (const [view, path] of Object.entries(views)) {
        await page.goto(`${server.url}/${path}`);
        await page.waitForSelector(`.view-${view} h1`);
        if (view === 'stage') await page.locator('.turn').first().click();
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          const { violations } = (await page.evaluate('axe.run()')) as Found;
          const where = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
          expect([view, colorScheme, ...where]).toEqual([view, colorScheme]);
        }
      }
      expect(at.faults).toEqual([]);
    });
  });
});

/** Answers of the routes that are not of one scene. */
function withAnswers(server: PageServer): void {
  const given: Readonly<Record<string, unknown>> = {
    '/api/conversations/abcdef/measures': {
      bands: [{ name: 'ABA', value: 0.2, low: 0.27, high: 0.91, mean: 0.67 }],
      voice: [{ name: 'MARTA', thirds: [0.6, 0.55, 0.5] }],
    },
    '/api/plays': { plays: [{ id: 'the-lantern', title: 'The Lantern', here: true }] },
    '/api/plays/the-lantern/places': { places: [{ at: '1.1', heading: 'A quay.', cast: both }] },
    '/v1/models': { data: [{ id: 'hugo', meta: { play: 'the-lantern', character: 'OLD HUGO' } }] },
    '/api/adapters': {
      adapters: [
        {
          ...{ id: '1f2e3d4c5b6a', play: 'the-lantern', character: 'MARTA', base: 'tiny' },
          ...{
            form: 'script',
            date: '2026-01-01T00:00:00Z',
            bytes: 1e6,
            isPromoted: true,
            by: 'a test',
          },
          metrics: { voice: { value: 0.6, low: 0.5, high: 0.7, n: 20 } },
        },
      ],
    },
  };
  for (const [path, answer] of Object.entries(given)) server.answers.set(path, answer);
}
