import { describe, expect, it } from 'vitest';
import type { Answer } from '../../measure/row.ts';
import type { Recalled } from '../../memory/recalled.ts';
import { about, mill } from '../../testing/plays/mill.ts';
import { millLines, questionsOf } from '../../testing/plays/mill-questions.ts';
import type { Request } from '../task.ts';
import { knowOf } from './know.ts';
import type { KnowItem } from './know-items.ts';

const file = questionsOf(millLines);
const task = knowOf(() => ({ file, name: 'mill.jsonl' }));
const items = task.items(mill);
const named = (id: string): KnowItem => items.find(({ asked }) => asked.id === id)!;
const letter = named('rolf-letter');
const before = named('rolf-before-sluice');

const memory = (place: string, end: string): Recalled => {
  return { kind: 'digest', place, end, text: 'A fact.', score: 1 };
};
const text = (words: string, items: readonly Recalled[] = []): Answer => {
  return { kind: 'text', text: words, tokens: 4, stop: 'end', recalled: { items } };
};
const recall = (items: readonly Recalled[], isKnown = true): Answer => {
  return { kind: 'recall', items, knowing: { isKnown, isStrange: false } };
};

describe('The items of know', () => {
  it('stand in the scene that tells the answer; what no scene tells is given one', () => {
    expect(items.map(({ scene, speaker }) => `${scene} ${speaker}`).slice(0, 4)).toEqual([
      '1.1 ROLF',
      '1.1 TILDA',
      '2.1 ROLF',
      '1.2 ROLF',
    ]);
    const { scene, place } = named('tilda-outside');
    expect(place).toBe(scene);
    expect(['1.1', '1.2', '2.1', '2.2']).toContain(scene);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  it('are of one character where the source is', () => {
    expect(task.items(about(mill, 'TILDA')).map(({ asked }) => asked.id)).toEqual([
      'tilda-sluice',
      'tilda-outside',
    ]);
  });

  it('are none in a play without questions', () => {
    expect(knowOf(() => undefined).items(mill)).toEqual([]);
  });

  it('are refused by the name of their file where they do not fit the play', () => {
    const lines = [millLines[0]!, { ...millLines[1], character: 'Falstaff' }];
    const other = knowOf(() => ({ file: questionsOf(lines), name: 'other.jsonl' }));
    expect(() => other.items(mill)).toThrow('line 2 of other.jsonl');
  });
});

describe('The requests of know', () => {
  const memoriesOf = (requests: readonly Request[]) =>
    requests.map(({ context }) => (context.kind === 'question' ? context.memories : undefined));
  const anchor = (name: string) => task.anchors.find((one) => one.name === name)!.requests!;

  it('recall ten, answer freely at temperature 0, and choose where there is a choice', () => {
    const [recalled, free, choice] = task.requests(letter);
    expect(recalled).toMatchObject({ kind: 'recall', limit: 10 });
    expect(free).toMatchObject({ kind: 'text', temperature: 0, tellsRecalled: true });
    expect(choice).toMatchObject({
      kind: 'score',
      continuations: ['Oswin did.', 'Berta did.', 'The priest did.', 'My father did.'],
    });
    expect(memoriesOf(task.requests(letter))).toEqual(Array(3).fill({ kind: 'own' }));
    expect(task.requests(before).map(({ kind }) => kind)).toEqual(['recall', 'text']);
    expect(task.requests(before)[1]!.context).toMatchObject({ speaker: 'ROLF', at: '1.1' });
  });

  it('of an anchor have other memories, and ask only what can be known', () => {
    const spans = [{ from: '1.1.6', end: '1.1.7' }];
    expect(memoriesOf(anchor('gold digest')(letter))).toEqual([
      { kind: 'of lines', of: 'digest', spans },
    ]);
    expect(memoriesOf(anchor('gold window')(letter))).toEqual([
      { kind: 'of lines', of: 'window', spans },
    ]);
    expect(memoriesOf(anchor('nothing')(letter))).toEqual([{ kind: 'none' }]);
    expect(memoriesOf(anchor('another')(letter))).toEqual([
      { kind: 'of another', character: 'TILDA' },
    ]);
    expect(memoriesOf(anchor('by lot')(letter))).toMatchObject([{ kind: 'by lot' }]);
    for (const { name, requests } of task.anchors) expect(requests!(before), name).toEqual([]);
  });
});

describe('The values of know', () => {
  it('are right by the key, and hits by the lines', () => {
    const found = recall([memory('1.2.1', '1.2.2'), memory('1.1.7', '1.1.8')]);
    expect(task.measure(letter, [found, text('Good OSWIN brought it.')])).toEqual({
      'ill formed': 0,
      right: 1,
      denied: 0,
      'hit@1': 0,
      'hit@3': 1,
      'hit@10': 1,
      refused: 0,
    });
    const nothing = recall([], false);
    expect(task.measure(letter, [nothing, text('I know not.')])).toEqual({
      'ill formed': 0,
      right: 0,
      denied: 1,
      'hit@1': 0,
      'hit@3': 0,
      'hit@10': 0,
      refused: 1,
    });
  });

  it('choose by the mean of a token, so that a longer right answer is not worse for its length', () => {
    const scores = (nats: readonly number[], tokens: readonly number[]): Answer => {
      return { kind: 'score', nats, tokens };
    };
    const of = (answer: Answer) => task.measure(letter, [answer]).choice;
    expect(of(scores([-6, -5, -5, -5], [6, 2, 2, 2]))).toBe(1);
    expect(of(scores([-6, -5, -5, -5], [2, 2, 2, 2]))).toBe(0);
  });

  it('are violated where what cannot be known is told, and owned where not knowing is', () => {
    const of = (words: string, isKnown = true) =>
      task.measure(before, [recall([], isKnown), text(words)]);
    const sound = { 'ill formed': 0 };
    expect(of('The mistress did.')).toEqual({ ...sound, violated: 1, owned: 0, gated: 0 });
    expect(of('I know nothing of it.', false)).toEqual({
      ...sound,
      violated: 0,
      owned: 1,
      gated: 1,
    });
    expect(of('The wind, good friend.')).toEqual({ ...sound, violated: 0, owned: 0, gated: 0 });
  });

  it('say whether an answer is ill formed, whatever it is worth', () => {
    const formOf = (words: string, items: readonly Recalled[] = []) =>
      task.measure(letter, [text(words, items)])['ill formed'];
    expect(formOf('Who brought you a letter? Oswin did.')).toBe(1);
    expect(formOf('Rolf had it from Oswin.')).toBe(1);
    const speech: Recalled = {
      ...memory('1.1.7', '1.1.8'),
      kind: 'speech',
      text: 'Here is a letter for thee, Rolf, from the mistress of the mill.',
    };
    expect(formOf('Here is a letter for thee, Rolf, from the mistress.', [speech])).toBe(1);
    expect(formOf('Oswin brought it me.', [speech])).toBe(0);
    expect(task.measure(before, [text('TILDA: The mistress did.')])['ill formed']).toBe(1);
    expect(task.explain!(letter, [text('Rolf had it from Oswin.')])?.faults).toEqual([
      'third person',
    ]);
  });

  it('are none of what was not asked', () => {
    for (const item of items) expect(task.measure(item, [])).toEqual({});
  });

  it('come with their reasons: what was asked, said, right and recalled', () => {
    const items = [memory('1.1.7', '1.1.8')];
    const why = task.explain!(letter, [recall(items), text('Berta did.', items)]);
    expect(why).toEqual({
      question: 'Who brought you a letter?',
      verdict: 'wrong',
      isRight: false,
      said: 'Berta did.',
      faults: [],
      right: 'Oswin did.',
      recalled: [{ kind: 'digest', place: '1.1.7', end: '1.1.8', text: 'A fact.' }],
    });
    expect(task.explain!(before, [text('The mistress did.')])?.verdict).toBe('violated');
    expect(task.explain!(letter, [])).toBeUndefined();
  });
});
