import type { Page } from 'playwright-core';
import type { StageEvent } from '#dramatis/stage/events.js';
import { noBrowser, openBrowser, openPage } from '#dramatis/testing/browser.js';
import { PageServer } from '#dramatis/testing/page-server.js';
import { openEvent, spoken } from '#dramatis/testing/stage-scene.js';
import { type Row, rowOf } from './record.ts';

const turns = 1_000;
const tokensPerSecond = 200;
/** How much slower the browser is made for the stream. */
const throttling = 4;
const rounds = 5;
const streamSeconds = 10;

/**
 * The page in Chromium: from the request for it to the last of 1,000 turns on screen; and the longest task of its main thread
 * while 200 tokens a second come, with its processor throttled to a quarter, in a scene of 24 turns and in one of 1,000.
 */
export async function* run(): AsyncGenerator<Row> {
  if (noBrowser !== undefined) throw new Error(noBrowser);
  await using server = new PageServer();
  server.add('aaaaaa', scene(24));
  server.add('bbbbbb', scene(turns));
  await server.listen();
  const browser = await openBrowser();
  try {
    const opened: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await using at = await openPage(browser, 'about:blank');
      opened.push(await openingMs(at.page, `${server.url}/#/scene/bbbbbb`));
    }
    yield rowOf('page', `open a scene of ${turns} turns`, 'ms', opened);
    for (const [id, length] of [
      ['aaaaaa', 24],
      ['bbbbbb', turns],
    ] as const) {
      await using at = await openPage(browser, `${server.url}/#/scene/${id}`);
      const longest = await longestTasks(at.page, server);
      const conditions = { tokensPerSecond, throttling, turns: length, seconds: streamSeconds };
      yield rowOf(
        'page',
        `longest task while ${tokensPerSecond} tokens/s come, scene of ${length} turns`,
        'ms',
        longest,
        conditions,
      );
    }
  } finally {
    await browser.close();
  }
}

/** A scene of two, of so many turns, each with its choice and its view. */
function scene(count: number): StageEvent[] {
  const both = ['MARTA', 'OLD HUGO'];
  const said = spoken(
    ...Array.from(
      { length: count },
      (_, i) => `${i + 1}. ${'The tide comes in and goes out again. '.repeat(1 + (i % 5))}`,
    ),
  );
  return [
    openEvent,
    { kind: 'enter', who: both, by: 'situation' },
    ...said.flatMap((turn, i): StageEvent[] => [
      {
        ...{ kind: 'next', candidates: both, probabilities: [0.5, 0.5], chosen: both[i % 2]! },
        ...{ features: both.map(() => Array.from({ length: 11 }, () => 0.25)), by: 'turn-model' },
      },
      {
        ...{ kind: 'view', who: both[i % 2]!, hash: 'a'.repeat(64), tokens: 800, reused: 700 },
        ...{ dropped: 0, heard: Array.from({ length: 40 }, (_, k) => k), recalled: [] },
      },
      turn,
    ]),
  ];
}

/** Milliseconds from going to an address to the frame that has the last turn in it. */
async function openingMs(page: Page, url: string): Promise<number> {
  await page.goto(url, { waitUntil: 'commit' });
  return page.evaluate<number>(`new Promise((resolve) => {
    const look = () => requestAnimationFrame(
      document.querySelectorAll('.turn').length < ${turns}
        ? look
        : () => setTimeout(() => resolve(performance.now())));
    look();
  })`);
}

/** Keeps every task of the main thread that is longer than 50 ms, with the second that it begins in. */
const watchTasks = `
  const begun = performance.now();
  globalThis.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      longTasks.push({ second: Math.floor((startTime - begun) / 1000), ms: duration });
  }).observe({ type: 'longtask' });`;

/** The longest task of each second of a stream, in milliseconds; 0 where none was longer than 50 ms. */
async function longestTasks(page: Page, server: PageServer): Promise<number[]> {
  await page.waitForSelector('.turn');
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttling });
  await page.waitForTimeout(1_000);
  server.tokenMs = 1000 / tokensPerSecond;
  server.texts = ['The tide comes in, and goes out, and nobody knows why it does so. '.repeat(12)];
  await page.evaluate(watchTasks);
  await page.keyboard.press('Space');
  await page.waitForTimeout(1000 * streamSeconds);
  const tasks = await page.evaluate<{ second: number; ms: number }[]>('longTasks');
  await page.keyboard.press('Space');
  return Array.from({ length: streamSeconds }, (_, at) =>
    Math.max(0, ...tasks.filter(({ second }) => second === at).map(({ ms }) => ms)),
  );
}
