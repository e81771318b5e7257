import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer, Item } from '../../measure/row.ts';
import { Journal } from '../../store/journal.ts';
import { resultOf } from '../../testing/result-of.ts';
import { type Components, noComponents, noUsage, type Subject } from '../subject.ts';
import type { Request, Task } from '../task.ts';
import { AnswerStore, type AskOptions, askRow, type UnitRecord } from './ask.ts';
import { rowPlans } from './task-rows.ts';
import { limited, unitsOf } from './units.ts';

const items: Item[] = Array.from({ length: 20 }, (_, i) => ({
  id: `${(i * 7919) % 1000}`.padStart(16, '0'),
  task: 'lamp',
  scene: `1.${1 + Math.floor(i / 5)}`,
  place: `1.${1 + Math.floor(i / 5)}.${i}`,
}));

const request = (item: Item): Request => ({
  kind: 'score',
  context: { kind: 'text', text: item.place },
  continuations: ['a', 'bb'],
});

const lamp: Task = {
  name: 'lamp',
  version: 3,
  summary: 'Which of two',
  metrics: [{ name: 'nats', unit: 'nats', higherIsBetter: true }],
  anchors: [
    { name: 'original', values: () => ({ nats: 0 }) },
    { name: 'dark', requests: (item) => [request({ ...item, place: 'dark' })] },
  ],
  invariants: [['original', 'dark']],
  items: () => items,
  requests: (item) => [request(item)],
  measure: (_, [answer]) => ({ nats: answer?.kind === 'score' ? answer.nats[0]! : Number.NaN }),
};

/** Says how long the context is, and can be made to fail after so many units. */
class Counting implements Subject {
  units = 0;
  readonly levers: Components;
  readonly #failAt: number;
  constructor(levers: Components = noComponents, failAt = Number.POSITIVE_INFINITY) {
    this.levers = levers;
    this.#failAt = failAt;
  }
  withComponents(): Subject {
    return this;
  }
  async answerUnit(requests: readonly Request[]) {
    if (this.units++ >= this.#failAt) throw new Error('the lights went out');
    const answers = requests.map((one): Answer => {
      const { context } = one;
      const length = context.kind === 'text' ? context.text.length : 0;
      return { kind: 'score', nats: [-length, -1], tokens: [1, 2] };
    });
    return { answers, usage: { ...noUsage, scoredTokens: 3 * requests.length } };
  }
}

const plan = rowPlans(lamp, items, noComponents)[0]!;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-ask-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function storeAt(path: string): Promise<AnswerStore> {
  const journal = new Journal<UnitRecord>(path);
  return new AnswerStore(journal, (await journal.read()).records);
}

const askedRow = (options: AskOptions) => resultOf(askRow(options));

describe('A row that is asked', () => {
  it('goes on where a run was cut, asking nothing twice, with the same outcome', async () => {
    const path = join(folder, 'units.jsonl');
    const common = { task: lamp, plan, items };
    const whole = await askedRow({ ...common, subject: new Counting(), store: new AnswerStore() });
    const cut = askedRow({
      ...common,
      subject: new Counting(noComponents, 1),
      store: await storeAt(path),
    });
    await expect(cut).rejects.toThrow('lights');
    const bytes = await readFile(path);
    await writeFile(path, Buffer.concat([bytes, Buffer.from('{"crc32c":"0000')]));
    const rest = new Counting();
    const store = await storeAt(path);
    expect(store.taken).toBe(1);
    expect(await askedRow({ ...common, subject: rest, store })).toEqual(whole);
    expect(rest.units).toBe(2);
    const none = new Counting(noComponents, 0);
    expect(await askedRow({ ...common, subject: none, store: await storeAt(path) })).toEqual(whole);
  });

  it('is asked anew when the task has another version or the items are others', async () => {
    const path = join(folder, 'units.jsonl');
    await askedRow({
      task: lamp,
      plan,
      items,
      subject: new Counting(),
      store: await storeAt(path),
    });
    const newer = new Counting();
    const task = { ...lamp, version: 4 };
    await askedRow({ task, plan, items, subject: newer, store: await storeAt(path) });
    expect(newer.units).toBe(3);
    const fewer = new Counting();
    await askedRow({
      task: lamp,
      plan,
      items: items.slice(0, 7),
      subject: fewer,
      store: await storeAt(path),
    });
    expect(fewer.units).toBe(1);
  });

  it('stops between units when the signal aborts', async () => {
    const controller = new AbortController();
    const subject = new Counting();
    const { signal } = controller;
    const asking = askRow({ task: lamp, plan, items, subject, store: new AnswerStore(), signal });
    expect((await asking.next()).done).toBe(false);
    controller.abort(new Error('enough'));
    await expect(asking.next()).rejects.toThrow('enough');
    expect(subject.units).toBe(1);
  });
});

describe('rowPlans', () => {
  const names = (levers: Partial<Components>): string[] =>
    rowPlans(lamp, items, { ...noComponents, ...levers }).map(({ name }) => name);

  it('has the subject, what is left of it, and the anchors', () => {
    expect(names({})).toEqual(['subject', 'original', 'dark']);
    expect(names({ persona: true })).toEqual(['subject', 'base', 'original', 'dark']);
    expect(names({ persona: true, adapter: true })).toEqual([
      'subject',
      'prompted base',
      'base',
      'original',
      'dark',
    ]);
  });

  it('has no barer row of what is remembered, and no anchors without memory', () => {
    const task = { ...lamp, isOfMemory: true };
    const rows = (memory: boolean) =>
      rowPlans(task, items, { ...noComponents, persona: true, memory }).map(({ name }) => name);
    expect(rows(true)).toEqual(['subject', 'original', 'dark']);
    expect(rows(false)).toEqual(['subject']);
  });

  it('has the original alone where nothing is asked', () => {
    const printed = { ...lamp, requests: () => [], anchors: [] };
    expect(rowPlans(printed, items, noComponents).map(({ name }) => name)).toEqual(['original']);
  });
});

describe('unitsOf', () => {
  it('puts eight in a row together, or what has the same unit', () => {
    expect(unitsOf({}, items).map(({ length }) => length)).toEqual([8, 8, 4]);
    const byScene = unitsOf({ unitOf: ({ scene }) => scene }, items);
    expect(byScene.map(({ length }) => length)).toEqual([5, 5, 5, 5]);
    expect(byScene.flat()).toEqual(items);
  });
});

describe('limited', () => {
  it('keeps as many as asked for, in their order, the same ones each time', () => {
    const some = limited(items, 6);
    expect(some).toHaveLength(6);
    expect(items.filter((item) => some.includes(item))).toEqual(some);
    expect(limited(items.slice(3), 6).filter((item) => some.includes(item)).length).toBeGreaterThan(
      2,
    );
    expect(limited(items, undefined)).toBe(items);
  });
});
