import { describe, expect, it } from 'vitest';
import type { Answer } from '../../measure/row.ts';
import { mill } from '../../testing/plays/mill.ts';
import { questionsOf } from '../../testing/plays/mill-questions.ts';
import { evaluate } from '../run/evaluate.ts';
import { componentsWhere, noUsage, type Subject } from '../subject.ts';
import type { Memories, Request } from '../task.ts';
import { knowOf } from './know.ts';

const speakers = ['ROLF', 'TILDA', 'OSWIN'];
/** Twelve questions whose answers are numbers: whoever has the memory of the lines can read them off. */
const file = questionsOf([
  { format: 'dramatis-questions', version: 1, play: 'mill' },
  ...Array.from({ length: 12 }, (_, i) => ({
    id: `count-${i}`,
    character: speakers[i % 3],
    question: `How many sacks were in cart ${'abcdefghijkl'[i]}?`,
    answer: `There were ${i + 20}.`,
    accept: [`\\b${i + 20}\\b`],
    choices: ['There was 1.', 'There were 2.', 'There were 3.'],
    gold: [{ from: '1.1.1', end: '1.1.2' }],
  })),
]);
const task = knowOf(() => ({ file, name: 'carts.jsonl' }));

/** A subject that reads the answer where its memories hold it, and says that it knows nothing elsewhere. */
function readerOf(holds: (memories: Memories) => boolean): Subject {
  const answerOf = ({ kind, context }: Request): Answer => {
    if (context.kind !== 'question' || !context.memories) throw new RangeError('no question');
    if (kind === 'recall') return { kind: 'recall', items: [] };
    const asked = file.questions.find(({ question }) => question === context.question)!;
    const right = asked.kind === 'known' && holds(context.memories) ? asked.answer : undefined;
    if (kind === 'score')
      return { kind, nats: right ? [-1, -9, -9, -9] : [-9, -1, -9, -9], tokens: [3, 3, 3, 3] };
    return { kind, text: right ?? 'I know not.', tokens: 3, stop: 'end' };
  };
  const subject: Subject = {
    levers: componentsWhere((lever) => lever === 'persona' || lever === 'memory'),
    withComponents: () => subject,
    answerUnit: async (requests) => ({ answers: requests.map(answerOf), usage: noUsage }),
  };
  return subject;
}

async function measuredOf(holds: (memories: Memories) => boolean, anchors = true) {
  const part = { source: mill, split: 'all', subject: readerOf(holds) } as const;
  const measured = [];
  for await (const event of evaluate({ parts: [part], tasks: [task], anchors }))
    if (event.kind === 'measured') measured.push(event.measured);
  return measured[0]!;
}

describe('A run of know', () => {
  const holdsGold = (memories: Memories): boolean =>
    memories.kind === 'own' || memories.kind === 'of lines';

  it('has the subject and its anchors, each with all that it asks, and no barer row', async () => {
    const { rows, result } = await measuredOf(holdsGold);
    expect([...rows.keys()]).toEqual([
      'subject',
      'gold digest',
      'gold window',
      'nothing',
      'another',
      'by lot',
    ]);
    const right = result.metrics[0]!;
    expect(right.metric).toBe('right');
    expect(right.rows.subject).toMatchObject({ value: 1, n: 12 });
    expect(right.rows.nothing).toMatchObject({ value: 0, n: 10 });
  });

  it('asks the subject alone where anchors are not wanted', async () => {
    const { rows, result } = await measuredOf(holdsGold, false);
    expect([...rows.keys()]).toEqual(['subject']);
    expect(result.broken).toEqual([]);
  });

  it('tells the figures of each character', async () => {
    const { result } = await measuredOf(holdsGold);
    expect(Object.keys(result.groups!)).toEqual(speakers);
    expect(result.groups!.TILDA!.right).toMatchObject({ value: 1, n: 4 });
  });

  it('keeps the reason for every answer', async () => {
    const { rows } = await measuredOf(() => false);
    expect(rows.get('subject')![0]!.why).toMatchObject({
      verdict: 'does not know',
      said: 'I know not.',
      right: 'There were 20.',
    });
  });

  it('is in order where the right fact answers best, and says so where it does not', async () => {
    expect((await measuredOf(holdsGold)).result.broken).toEqual([]);
    const { result } = await measuredOf(({ kind }) => kind === 'by lot');
    expect(result.broken.join('\n')).toMatch(
      /"gold digest" \(0\.000\) is not better than of "by lot" \(1\.000\)/,
    );
    expect(result.broken).toHaveLength(3);
  });
});
