import type { Source } from '../../corpus/source.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Answer, Item, Values } from '../../measure/row.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import type { Turn } from '../../play/scene-turns.ts';
import { firstPlace } from '../choice.ts';
import { itemId } from '../item-id.ts';
import type { Request, Task } from '../task.ts';
import { namePassagesOf, nameQuestion, namesRightly } from './cloze-names.ts';
import { gapsOf } from './cloze-words.ts';
import { summaries } from './summaries.ts';

export interface WordItem extends Item {
  readonly kind: 'word';
  readonly speaker: string;
  /** The speech up to the word. */
  readonly before: string;
  /** The right word first. */
  readonly options: readonly string[];
  /** How often each occurs in the play. */
  readonly counts: readonly number[];
}

export interface NameItem extends Item {
  readonly kind: 'name';
  /** With "[MASK]" for the name. */
  readonly text: string;
  /** Such as "Horatio". */
  readonly name: string;
  /** Whether it is the name that most passages of the play lack. */
  readonly isCommonest: boolean;
}

export type ClozeItem = WordItem | NameItem;

const name = 'cloze';
/** Words asked of each part of the play. */
const wordsPerPart = 40;
const namesPerPart = 20;
/** Longest reply in tokens: more than any name takes. */
const nameTokens = 8;

const share = (metric: string, floor: number): Metric<ClozeItem> => ({
  name: metric,
  unit: 'share',
  higherIsBetter: true,
  floor,
  ceiling: 1,
  isBinary: true,
});

/**
 * How well the text itself is known, which is no question of character: a probe of what the base model has read.
 *
 * "accuracy": a word of a speech by what stands before it, among four that are as common in the play. Its score is how
 * much likelier that makes it than the speaker's label alone does; "raw" figures are without. Floor: .25. Baseline: the commonest of the four
 * gets about that, for all are within a factor of two. Ceiling: 1, far above anybody who does not know the play by heart.
 *
 * "names": the one name in a passage is masked and has to be written, exactly. Floor: 0. Baseline: the commonest name
 * of the play. What stands in the passage does not tell the name, so whoever writes it has read it.
 *
 * @see Chang et al., "Speak, Memory: An Archaeology of Books Known to ChatGPT/GPT-4", 2023, for names.
 */
export const cloze: Task<ClozeItem> = {
  name,
  version: 1,
  summary: summaries.cloze,
  metrics: [share('accuracy', 1 / 4), share('raw accuracy', 1 / 4), share('names', 0)],
  anchors: [
    {
      name: 'original',
      values: (item) =>
        item.kind === 'word' ? wordFigures(item.options.map((_, i) => -i)) : { names: 1 },
    },
    {
      name: 'frequency',
      values: (item) =>
        item.kind === 'word' ? wordFigures(item.counts) : { names: Number(item.isCommonest) },
    },
    {
      name: 'shuffled',
      requests: (item) => (item.kind === 'word' ? askWord(item, wordsShuffled(item)) : []),
    },
    {
      name: 'empty',
      values: (item) =>
        item.kind === 'word' ? wordFigures(item.options.map(() => 0)) : { names: 0 },
    },
  ],
  invariants: [
    ['original', 'frequency'],
    ['original', 'shuffled'],
    ['original', 'empty'],
  ],
  items: (source) => [...wordItems(source), ...nameItems(source)],
  requests: (item) => (item.kind === 'word' ? askWord(item, item.before) : [askName(item)]),
  measure,
};

function wordItems(source: Source): WordItem[] {
  const gaps = gapsOf(source).filter(({ turn }) => isOwn(source, turn));
  const items = gaps.map(({ scene, turn, before, options, counts }): WordItem => {
    const id = itemId(source.sha256, cloze, turn.place, 'word', options[0]!);
    const { speaker, place } = turn;
    return { id, task: name, scene, place, kind: 'word', speaker, before, options, counts };
  });
  return drawn(items, source, wordsPerPart);
}

function nameItems(source: Source): NameItem[] {
  const passages = namePassagesOf(source);
  const counts = new Map<string, number>();
  for (const { name } of passages) counts.set(name, (counts.get(name) ?? 0) + 1);
  const commonest = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
  const items = passages
    .filter(({ turn }) => isOwn(source, turn))
    .map((passage): NameItem => {
      const { scene, text } = passage;
      const { place } = passage.turn;
      const id = itemId(source.sha256, cloze, place, 'name', passage.name);
      const isCommonest = passage.name === commonest;
      return { id, task: name, scene, place, kind: 'name', text, name: passage.name, isCommonest };
    });
  return drawn(items, source, namesPerPart);
}

function isOwn({ character }: Source, { speakers }: Turn): boolean {
  return !character || speakers.includes(character.name);
}

/** Those of each part whose ids, which are hashes, are the lowest; in the play's order. */
function drawn<I extends Item>(items: readonly I[], { split }: Source, perPart: number): I[] {
  const byPart = new Map<string, string[]>();
  for (const { scene, id } of items) {
    const part = split.partOf(scene);
    byPart.set(part, [...(byPart.get(part) ?? []), id]);
  }
  const chosen = new Set([...byPart.values()].flatMap((ids) => ids.sort().slice(0, perPart)));
  return items.filter(({ id }) => chosen.has(id));
}

/** The options after the speech so far, and after the speaker's label alone. */
function askWord({ speaker, options }: WordItem, before: string): Request[] {
  return [` ${before}`, ''].map((text) => ({
    kind: 'score',
    context: { kind: 'text', text: `${speaker}.${text}` },
    continuations: options.map((word) => ` ${word}`),
  }));
}

function askName({ text }: NameItem): Request {
  const context = { kind: 'text', text: nameQuestion(text) } as const;
  return { kind: 'text', context, seed: 0, maxTokens: nameTokens, temperature: 0 };
}

function wordsShuffled({ id, before }: WordItem): string {
  return shuffled(before.split(' '), prng(seedOf(id, 'shuffled'))).join(' ');
}

function measure(item: ClozeItem, [answer, alone]: readonly Answer[]): Values {
  if (item.kind === 'name')
    return answer?.kind === 'text' ? { names: Number(namesRightly(answer.text, item.name)) } : {};
  if (answer?.kind !== 'score' || alone?.kind !== 'score') return {};
  const gains = answer.nats.map((nats, i) => nats - alone.nats[i]!);
  return wordFigures(gains, answer.nats);
}

/** @param raw By default as `scores`, of whoever knows no words. */
function wordFigures(scores: readonly number[], raw = scores): Values {
  const isRight = (i: number): boolean => i === 0;
  return { accuracy: firstPlace(scores, isRight), 'raw accuracy': firstPlace(raw, isRight) };
}
