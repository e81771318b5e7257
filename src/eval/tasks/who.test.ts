import { describe, expect, it } from 'vitest';
import type { Answer, Row } from '../../measure/row.ts';
import { prng } from '../../measure/statistics/prng.ts';
import { harbourOf } from '../../testing/plays/harbour.ts';
import { rowPlans } from '../run/task-rows.ts';
import { noComponents } from '../subject.ts';
import { type WhoItem, who } from './who.ts';

const items = who.items({ ...harbourOf('MARTA'), character: undefined });
const asked = (nats: readonly number[]): Answer[] =>
  nats.map((value) => ({ kind: 'score', nats: [value], tokens: [1] }));
const rowsBy = (answers: (item: WhoItem) => readonly Answer[]): Row<WhoItem>[] =>
  items.map((item) => {
    const given = answers(item);
    return { item, answers: given, values: who.measure(item, given) };
  });
const figure = (name: string, rows: readonly Row<WhoItem>[]): number =>
  who.metrics.find((metric) => metric.name === name)!.of!(rows);
const anchor = (name: string) =>
  rowsBy((item) => who.anchors.find((one) => one.name === name)!.answers!(item));

describe('who', () => {
  it('puts the same words in the same place under each label', () => {
    const [item] = items;
    const requests = who.requests(item!);
    expect(requests).toHaveLength(item!.candidates.length);
    expect(new Set(requests.map((one) => one.kind === 'score' && one.continuations[0])).size).toBe(
      1,
    );
    expect(
      requests.map(({ context }) => (context.kind === 'scene' ? context.speaker : undefined)),
    ).toEqual(item!.candidates);
    for (const { context } of requests)
      expect(context).toMatchObject({ turns: item!.context, isPage: true });
    expect(item!.candidates).toContain(item!.speaker);
  });

  it('asks about one character alone, against the others', () => {
    const own = who.items(harbourOf('MARTA'));
    expect(own.length).toBeGreaterThan(20);
    expect(new Set(own.map(({ speaker }) => speaker))).toEqual(new Set(['MARTA']));
    expect(own.every(({ candidates }) => candidates.length > 1)).toBe(true);
  });

  it('is perfect for one who knows, .5 for one who does not, and for one who prefers the talkative', () => {
    expect(figure('accuracy', anchor('original'))).toBe(1);
    expect(figure('accuracy', anchor('chance'))).toBe(0.5);
    expect(figure('d′', anchor('chance'))).toBeCloseTo(0, 9);
    expect(figure('d′', anchor('original'))).toBeGreaterThan(3);
    expect(figure('bits a speech', anchor('chance'))).toBe(0);
    expect(figure('accuracy', anchor('most talkative'))).toBeCloseTo(0.5, 1);
  });

  it('is told by naive Bayes where voices differ, and not once labels are permuted', () => {
    const bayes = anchor('naive Bayes');
    expect(figure('accuracy', bayes)).toBeGreaterThan(0.8);
    const random = prng(3);
    const permuted = bayes.map(({ item, answers }) => {
      const speaker = item.candidates[Math.floor(random() * item.candidates.length)]!;
      const other = { ...item, speaker };
      return { item: other, answers, values: who.measure(other, answers) };
    });
    expect(Math.abs(figure('accuracy', permuted) - 0.5)).toBeLessThan(0.08);
  });

  it('does not change when the model is surer of the same', () => {
    const unsure = rowsBy(({ bayes }) => asked(bayes));
    const surer = rowsBy(({ bayes }) => asked(bayes.map((nats) => 3 * nats)));
    for (const name of ['accuracy', 'd′']) expect(figure(name, surer)).toBe(figure(name, unsure));
    expect(figure('bits a speech', surer)).toBeCloseTo(3 * figure('bits a speech', unsure), 9);
  });

  it('weighs a character of few lines like one of many', () => {
    const rows = anchor('original').map((row) =>
      row.item.speaker === 'MARTA' ? row : { ...row, values: { won: 0, bits: 0 } },
    );
    const marta = rows.filter(({ item }) => item.speaker === 'MARTA');
    const few = rows.filter(({ item }) => item.speaker !== 'MARTA').slice(0, 1);
    expect(figure('accuracy', [...marta, ...few])).toBe(0.5);
  });

  it('is asked once with persona and memory on, and once more where there is an adapter', () => {
    const names = (levers: object) =>
      rowPlans(who as never, items, { ...noComponents, ...levers }).flatMap(({ name, ask }) =>
        ask ? [[name, ask.levers.persona, ask.levers.adapter]] : [],
      );
    expect(names({ persona: true, memory: true })).toEqual([['subject', false, false]]);
    expect(names({ persona: true, adapter: true })).toEqual([
      ['subject', false, true],
      ['base', false, false],
    ]);
  });
});
