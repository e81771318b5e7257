import { describe, expect, it } from 'vitest';
import type { Values } from '../../measure/row.ts';
import { about, answered, mill } from '../../testing/plays/mill.ts';
import type { Request } from '../task.ts';
import { type WhenItem, when, whenOpen } from './when.ts';
import { answersTo, neutralQuestion, questionOf } from './when-questions.ts';

const items = when.items(mill);
const of = (name: string): readonly WhenItem[] => when.items(about(mill, name));
const told = ({ scene, matter, twins }: WhenItem): string =>
  [
    scene,
    matter,
    ...twins.map(({ type, at, about: { who } }) => `${type}@${at ?? 'end'}:${who}`),
  ].join(' ');

/** Measures answers of somebody who finds each answer likelier by `gain` after some questions. */
function measured(item: WhenItem, gain: (knowing: boolean, twin: number) => number): Values {
  const requests = when.requests(item);
  const answers = requests.flatMap((request, i) =>
    answered([request], (text) => {
      const half = (request as Extract<Request, { kind: 'score' }>).continuations.length / 2;
      const at = (request as Extract<Request, { kind: 'score' }>).continuations.indexOf(text);
      const asked = i % 2 === 0;
      const tokens = text.split(' ').length;
      return -tokens + (asked ? tokens * gain(at < half, Math.floor(i / 2)) : 0);
    }),
  );
  return when.measure(item, answers);
}

describe('when', () => {
  it('asks before and after a scene about words heard there, who said them, and whom one met', () => {
    expect(of('OSWIN').map(told)).toEqual([
      '1.1 words future@1.1:Rolf presence@1.2:Rolf',
      '1.1 speaker past@1.2:Tilda past@1.2:Rolf',
      '1.1 letter future@1.1:Rolf presence@1.2:Rolf',
      '1.1 meeting future@1.1:Rolf presence@1.2:Rolf',
      '1.1 meeting future@1.1:Tilda presence@1.2:Tilda',
      '1.2 words future@1.2:Berta presence@2.1:Berta',
      '1.2 meeting future@1.2:Berta presence@2.1:Berta',
      '2.1 words future@2.1:Rolf presence@2.2:Rolf',
      '2.1 speaker past@2.2:Tilda past@2.2:Rolf',
      '2.1 death future@2.1:Rolf presence@2.2:Rolf',
      '2.1 death past@2.2:Tilda past@2.2:Rolf',
    ]);
  });

  it('asks about words said where one was not, beside words heard, at the same point', () => {
    expect(of('TILDA').map(told)).toContain('1.2 words absence@2.1:Oswin presence@2.1:Oswin');
  });

  it('asks nobody who is dead, and nobody before having heard anything', () => {
    for (const item of of('ROLF')) for (const { at } of item.twins) expect(at).not.toBe('2.2');
    expect(of('ROLF').every(({ scene }) => scene !== '2.1')).toBe(true);
    expect(of('BERTA').map(told)).toContain('1.1 words absence@2.1:Oswin presence@2.1:Oswin');
  });

  it('never quotes words said aside as heard', () => {
    for (const { twins } of items)
      for (const { about: particulars, knows } of twins)
        if (knows) expect(particulars.words ?? '').not.toContain('He knows not');
  });

  it('has twins with opposite answers, whose facts are of one part', () => {
    for (const { twins } of items) expect(twins.map(({ knows }) => knows)).toEqual([false, true]);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  it('asks each question and one about nothing, with the same answers', () => {
    for (const item of items) {
      const requests = when.requests(item);
      expect(requests).toHaveLength(4);
      requests.forEach((request, i) => {
        if (request.kind !== 'score' || request.context.kind !== 'question') throw new Error();
        const { matter, twins } = item;
        const twin = twins[Math.floor(i / 2)]!;
        const question = i % 2 === 0 ? questionOf(matter, twin.about) : neutralQuestion;
        expect(request.context).toEqual({
          kind: 'question',
          speaker: item.character,
          question,
          at: twin.at,
        });
        const { knows, knowsNot } = answersTo(matter, twin.about);
        expect(knows).toHaveLength(knowsNot.length);
        expect(request.continuations).toEqual([...knows, ...knowsNot]);
      });
    }
  });

  it('is right about both only if each is answered as it should be', () => {
    for (const item of items) {
      const knowing = measured(item, (knows, twin) => (knows === (twin === 1) ? 0.2 : 0.1));
      expect(knowing).toMatchObject({ paired: 1, single: 1, order: 1 });
      const reversed = measured(item, (knows, twin) => (knows === (twin === 0) ? 0.2 : 0.1));
      expect(reversed).toMatchObject({ paired: 0, single: 0, order: 0 });
    }
  });

  it('gives nothing for always answering the same, but sees a lean behind it', () => {
    for (const item of items) {
      expect(measured(item, (knows) => (knows ? 0 : 1))).toMatchObject({ paired: 0, single: 0.5 });
      const leaning = measured(item, (knows, twin) => (knows ? 0.1 * twin : 1));
      expect(leaning).toMatchObject({ paired: 0, order: 1 });
    }
  });

  it('gives the baselines of both constant answers', () => {
    const values = (name: string, item: WhenItem): Values =>
      when.anchors.find((anchor) => anchor.name === name)!.values!(item);
    for (const item of items) {
      expect(values('original', item)).toMatchObject({ paired: 1, single: 1, order: 1 });
      expect(values('always know not', item)).toMatchObject({ paired: 0, single: 0.5 });
      expect(values('always know', item)).toMatchObject({ paired: 0, single: 0.5 });
    }
    const future = items.find(({ twins }) => twins[0].type === 'future')!;
    expect(values('always know not', future)).toMatchObject({ future: 1, presence: 0 });
  });
});

describe('when with the book open', () => {
  const open = whenOpen.items(mill);

  it('asks the same, with what was witnessed before the point recalled', () => {
    expect(open.map(told)).toEqual(items.map(told));
    const withoutMemories = whenOpen.requests(open[0]!).map((request) => {
      const { memories, ...context } = request.context as { memories?: unknown };
      expect(memories).toEqual({ kind: 'own' });
      return { ...request, context };
    });
    expect(withoutMemories).toEqual(when.requests(items[0]!));
    expect(whenOpen.isOfMemory).toBe(true);
  });

  it('has other items than with the book closed, and asks it closed beside', () => {
    expect(open.map(({ id }) => id)).not.toContain(items[0]!.id);
    const closed = whenOpen.anchors.find(({ name }) => name === 'closed book')!;
    for (const { context } of closed.requests!(open[0]!))
      expect(context).toMatchObject({ memories: { kind: 'none' } });
  });
});
