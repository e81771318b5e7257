import type { Source } from '../../corpus/source.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Answer, Item, Row, Values } from '../../measure/row.ts';
import { itemId } from '../item-id.ts';
import { logSumExp } from '../naive-bayes.ts';
import type { Request, SceneTurn, Task } from '../task.ts';
import { type AddressForm, addressForms } from './address-forms.ts';
import { summaries } from './summaries.ts';

export interface AddressItem extends Item, AddressForm {
  /** The scene before the speech. */
  readonly context: readonly SceneTurn[];
}

const share = { unit: 'share', higherIsBetter: true, floor: 0.5, ceiling: 1 } as const;

/** Values of two kinds of items that weigh alike, so that whoever prefers one form to another gains nothing by it. */
const pairs = {
  title: ['title over a rarer', 'title over a commoner'],
  pronoun: ['thou', 'you'],
} as const;
type Kind = keyof typeof pairs;
const kinds: readonly Kind[] = ['title', 'pronoun'];

/**
 * How one calls this person: at the word of a speech that calls somebody by a title ("my good lord"), or by thou or you,
 * the word printed stands against others. A title stands against three of the play that the speaker never uses to this
 * person, about as long and as frequent; thou, thee, thy and thine stand against you and your. Speeches are asked about that are
 * spoken to one person: the only other one on stage, or whoever spoke right before and speaks right after.
 *
 * A form's score is how likely it is after the scene, the speaker's label and the words before it. `title` is how often the
 * right title is ahead of another: half of it from others that the play has less often, half from those it has as often or
 * more. `pronoun` is the mean of how often thou is said where it stands and you where it stands, and `accuracy` the mean of
 * both: .5 for whoever knows nothing, and for whoever always says "my lord" and you. The row "habit" says what the speaker
 * calls this person in scenes of other folds: over eight plays it has .60, and "most frequent" .50. "empty" is without the scene.
 *
 * @see Brown and Gilman, "Politeness theory and Shakespeare's four major tragedies", 1989.
 */
export const address: Task<AddressItem> = {
  name: 'address',
  version: 1,
  summary: summaries.address,
  metrics: [
    { name: 'accuracy', ...share, of: of(kinds), weight: weightOf(kinds) },
    ...kinds.map((kind) => ({ name: kind, ...share, of: of([kind]), weight: weightOf([kind]) })),
  ],
  anchors: [
    { name: 'original', values: (item) => figures(item, item.options.map(isRight(item))) },
    { name: 'habit', values: (item) => figures(item, item.habit) },
    { name: 'most frequent', values: (item) => figures(item, item.frequency) },
    {
      name: 'chance',
      values: (item) =>
        figures(
          item,
          item.options.map(() => 0),
        ),
    },
    { name: 'empty', requests: (item) => ask(item, []) },
  ],
  invariants: [
    ['original', 'habit'],
    ['original', 'most frequent'],
    ['original', 'chance'],
    ['original', 'empty'],
  ],
  items,
  unitOf: ({ scene }) => scene,
  groupOf: ({ speaker }) => speaker,
  requests: (item) => ask(item, item.context),
  measure,
};

function items(source: Source): AddressItem[] {
  return addressForms(source).map(({ scene, place, ...form }) => ({
    id: itemId(source.sha256, address, place, form.kind),
    task: address.name,
    scene,
    place,
    ...form,
  }));
}

/** Every form after the scene, in the speaker's mouth. */
function ask(
  { speaker, options, before, stop }: AddressItem,
  turns: readonly SceneTurn[],
): Request[] {
  const continuations = options.flat().map((form) => `${before} ${form}${stop}`.trimStart());
  return [{ kind: 'score', context: { kind: 'scene', turns, speaker }, continuations }];
}

function measure(item: AddressItem, [answer]: readonly Answer[]): Values {
  return answer?.kind === 'score' ? figures(item, byOption(item, answer.nats)) : {};
}

/** Log of the probability of any form of each option, in nats. */
function byOption({ options }: AddressItem, nats: readonly number[]): number[] {
  const left = [...nats];
  return options.map((forms) => logSumExp(left.splice(0, forms.length)));
}

function isRight({ right }: AddressItem): (option: unknown, i: number) => number {
  return (_, i) => Number(i === right);
}

/** The figures of an item from a score for each option: how often the right one is ahead of another, half where they are even. */
function figures({ kind, right, frequency }: AddressItem, scores: readonly number[]): Values {
  const own = scores[right]!;
  const told = new Map<string, number[]>();
  for (const [i, other] of scores.entries()) {
    if (i === right) continue;
    const [rarer, commoner] = pairs.title;
    const title = frequency[i]! < frequency[right]! ? rarer : commoner;
    const name = kind === 'title' ? title : kind;
    const isAhead = own === other ? 0.5 : Number(own > other);
    told.set(name, [...(told.get(name) ?? []), isAhead]);
  }
  return Object.fromEntries(Array.from(told, ([name, all]) => [name, mean(all)]));
}

/** The mean over kinds of the mean of both sides; a kind of which a side is missing is left out, and NaN if all are. */
function of(of: readonly Kind[]): NonNullable<Metric<AddressItem>['of']> {
  return (rows) => {
    const told = of.map((kind) =>
      mean(pairs[kind].map((side) => mean(rows.flatMap(({ values }) => values[side] ?? [])))),
    );
    return mean(told.filter((figure) => !Number.isNaN(figure)));
  };
}

function weightOf(of: readonly Kind[]): (row: Row<AddressItem>) => number {
  return ({ values }) =>
    Number(of.some((kind) => pairs[kind].some((side) => values[side] !== undefined)));
}

/** NaN of none. */
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
