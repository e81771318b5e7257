import type { Source } from '../../corpus/source.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Answer, Item, Values } from '../../measure/row.ts';
import { parsePlace } from '../../play/place.ts';
import { itemId } from '../item-id.ts';
import type { Anchor, Memories, Request, Task } from '../task.ts';
import { summaries } from './summaries.ts';
import { askedIn, type Pair, pairsOf, type Twin, type Type } from './when-pairs.ts';
import { answersTo, neutralQuestion, questionOf } from './when-questions.ts';

export interface WhenItem extends Item, Pair {}

const types: readonly Type[] = ['future', 'absence', 'presence', 'past'];
const share = (name: string, floor = 0.5): Metric<WhenItem> => ({
  name,
  unit: 'share',
  higherIsBetter: true,
  floor,
  ceiling: 1,
});

const metrics: readonly Metric<WhenItem>[] = [
  { ...share('paired', 0.25), isBinary: true },
  share('single'),
  ...types.map((type) => share(type)),
  { ...share('order'), isBinary: true },
];

const anchors: readonly Anchor<WhenItem>[] = [
  {
    name: 'original',
    values: (item) =>
      valuesOf(
        item,
        item.twins.map(({ knows }) => (knows ? 1 : -1)),
      ),
  },
  { name: 'always know not', values: (item) => valuesOf(item, [-1, -1]) },
  { name: 'always know', values: (item) => valuesOf(item, [1, 1]) },
];

const invariants = [
  ['original', 'always know not'],
  ['original', 'always know'],
] as const;

/**
 * Does a character know at each point of the story what it can know there, and no more? Facts are read off the
 * entrances, exits and deaths; two questions always go together that differ in one thing, the point in the
 * story, the fact, or a name, and have opposite answers. Only both right count.
 *
 *   future    what is yet to come must not be known
 *   absence   what was said where the character was not must not be known
 *   presence  what it heard or saw must be known
 *   past      a thing of the past that it saw, told rightly and wrongly
 *
 * An answer is chosen by how much likelier the question makes three ways of saying that one knows than three of
 * saying that one does not: log P(answer | question) − log P(answer | a question about nothing), per token.
 *
 * Floor: .25 for answers drawn by lot. Baselines: "always know not" and "always know" have .5 of single answers
 * and no pair. Ceiling: 1; published, with generated answers and single questions: GPT-4o .46 future, .74
 * absence, .90 presence. "order" is whether the margin at least rises from the one to the other: who always
 * leans to one answer loses nothing by it there.
 *
 * @see Ahn et al., "TimeChara: Evaluating Point-in-Time Character Hallucination", 2024.
 */
export const when: Task<WhenItem> = {
  name: 'when',
  version: 1,
  summary: summaries.when,
  metrics,
  anchors,
  invariants,
  items: (source) => itemsOf(source, when),
  unitOf,
  requests: (item) => requestsOf(item, undefined),
  measure,
};

/**
 * The questions of `when` with the book open: what the character witnessed before the point, in any part of the play, may
 * be recalled before the answer. It is shown and never trained on, so that scenes held out can be answered: with the book
 * closed they cannot, whoever is asked. Memory is on unless it is taken away.
 *
 * "closed book" is the same questions with nothing recalled: a subject that reads what it recalls is above it.
 */
export const whenOpen: Task<WhenItem> = {
  name: 'when-open',
  version: 1,
  summary: summaries['when-open'],
  metrics,
  anchors: [
    ...anchors,
    { name: 'closed book', requests: (item) => requestsOf(item, { kind: 'none' }) },
  ],
  invariants,
  isOfMemory: true,
  items: (source) => itemsOf(source, whenOpen),
  unitOf,
  requests: (item) => requestsOf(item, { kind: 'own' }),
  measure,
};

function itemsOf(source: Source, task: Task<WhenItem>): WhenItem[] {
  const asked = source.character ? [source.character.name] : askedIn(source.play);
  return asked.flatMap((character) =>
    pairsOf(source, character).map((pair) => {
      const [first] = pair.twins;
      const about = [character, pair.matter, first.type, first.about.who];
      return { id: itemId(source.sha256, task, pair.place, ...about), task: task.name, ...pair };
    }),
  );
}

function measure(item: WhenItem, answers: readonly Answer[]): Values {
  const margins = item.twins.map((_, i) => margin(answers[2 * i], answers[2 * i + 1]));
  return valuesOf(item, margins);
}

function unitOf({ character, scene }: WhenItem): string {
  return `${character} ${parsePlace(scene).act}`;
}

/** All questions of an item, with what stands before each as recalled. */
function requestsOf(item: WhenItem, memories: Memories | undefined): Request[] {
  return item.twins.flatMap((twin) => requestsOfTwin(item, twin, memories));
}

/** The question, and the one about nothing, each with all answers: those that know first. */
function requestsOfTwin(
  { character, matter }: WhenItem,
  { at, about }: Twin,
  memories: Memories | undefined,
): Request[] {
  const { knows, knowsNot } = answersTo(matter, about);
  return [questionOf(matter, about), neutralQuestion].map((question) => ({
    kind: 'score',
    context: { kind: 'question', speaker: character, question, at, ...(memories && { memories }) },
    continuations: [...knows, ...knowsNot],
  }));
}

/** How much more the question speaks for answers that know than for those that do not, in nats per token. */
function margin(asked: Answer | undefined, neutral: Answer | undefined): number {
  if (asked?.kind !== 'score' || neutral?.kind !== 'score')
    throw new RangeError('when wants scores');
  const gains = asked.nats.map((nats, i) => (nats - neutral.nats[i]!) / asked.tokens[i]!);
  const half = gains.length / 2;
  return mean(gains.slice(0, half)) - mean(gains.slice(half));
}

const mean = (list: readonly number[]): number =>
  list.reduce((sum, value) => sum + value, 0) / list.length;

/** The figures of an item from the margins of both twins; a margin of 0 counts as not knowing. */
function valuesOf({ twins }: WhenItem, margins: readonly number[]): Values {
  const right = twins.map(({ knows }, i) => Number(margins[i]! > 0 === knows));
  const byType = types.flatMap((type) => {
    const those = right.filter((_, i) => twins[i]!.type === type);
    return those.length === 0 ? [] : [[type, mean(those)] as const];
  });
  return {
    paired: Number(right.every((one) => one === 1)),
    single: mean(right),
    ...Object.fromEntries(byType),
    order: Number(margins[1]! > margins[0]!),
  };
}
