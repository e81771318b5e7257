import type { Sequence } from '../train/batches.ts';
import { branching, sharedTokens } from '../train/branching.ts';
import { type ChoiceItem, requireChoosable } from './choice-item.ts';

/** A question as it stands on a page. */
export interface Question {
  readonly id: string;
  readonly task: string;
  /** Tokens of each answer. */
  readonly lengths: readonly number[];
  readonly rewards: readonly number[];
  readonly group: string;
  /** Finds what its answers have without the page. */
  readonly aloneKey: string;
}

/** Questions at different lengths of one page as one sequence: each answer of each is a branch, all of which are learned. */
export interface Page extends Sequence {
  /** In the order in which their answers stand. */
  readonly questions: readonly Question[];
  /** Whether its questions are asked without a page: what their answers have is held against those with one. */
  readonly isAlone: boolean;
}

/** A question and its answers are put on a page with which they have so much of their own prompt in common. */
const leastShared = 1 / 2;

/**
 * The pages that items are asked over, in the order of the items.
 *
 * @param mostTokens Of a page that has more than one item.
 * @throws {DramatisError} DATA_REFUSED for an item that cannot be learned from.
 */
export function pagesOf(items: readonly ChoiceItem[], mostTokens: number): Page[] {
  items.forEach(requireChoosable);
  const asked = items.map((item) => ({ item, prompt: item.page, aloneKey: aloneKeyOf(item) }));
  return [...grouped(asked).values()].flatMap((group) => packedPages(group, mostTokens, false));
}

/** The questions of items without their pages, each once, however often it is asked. */
export function alonePagesOf(items: readonly ChoiceItem[], mostTokens: number): Page[] {
  const asked = new Map<string, Asked>();
  for (const item of items) {
    const aloneKey = aloneKeyOf(item);
    if (!asked.has(aloneKey)) asked.set(aloneKey, { item, prompt: item.alone, aloneKey });
  }
  return [...grouped([...asked.values()]).values()].flatMap((group) =>
    packedPages(group, mostTokens, true),
  );
}

/** −log p of all answers of a page, from those of a batch's targets that begin at `from`: a sum of nats for each answer. */
export function answerSums(
  { questions }: Page,
  nll: Float32Array,
  from: number,
): readonly (readonly number[])[] {
  let at = from;
  return questions.map(({ lengths }) =>
    lengths.map((length) => {
      const sum = nll.subarray(at, at + length).reduce((total, one) => total + one, 0);
      at += length;
      return sum;
    }),
  );
}

/** Targets of a page: tokens of all its answers. */
export function targetsOf({ questions }: Page): number {
  return questions.reduce(
    (sum, { lengths }) => sum + lengths.reduce((total, length) => total + length, 0),
    0,
  );
}

interface Asked {
  readonly item: ChoiceItem;
  readonly prompt: Int32Array;
  readonly aloneKey: string;
}

const aloneKeyOf = ({ alone, answers }: ChoiceItem): string =>
  [alone, ...answers].map((tokens) => tokens.join()).join(' / ');

function grouped(asked: readonly Asked[]): Map<string, Asked[]> {
  const groups = new Map<string, Asked[]>();
  for (const one of asked) {
    const { pageKey } = one.item;
    const group = groups.get(pageKey);
    if (group) group.push(one);
    else groups.set(pageKey, [one]);
  }
  return groups;
}

/** One page for the longest prompt and all that begin like it; then the same with those that are left. */
function packedPages(group: readonly Asked[], mostTokens: number, isAlone: boolean): Page[] {
  const pages: Page[] = [];
  let rest = group;
  while (rest.length > 0) {
    const trunk = rest.reduce((a, b) => (b.prompt.length > a.prompt.length ? b : a));
    const first = textsOf(trunk);
    const onPage = [trunk];
    let tokens = first.reduce((sum, text) => sum + ownTokens(first[0]!, text), 0);
    const left: Asked[] = [];
    for (const one of rest) {
      if (one === trunk) continue;
      const texts = textsOf(one);
      const more = texts.reduce((sum, text) => sum + ownTokens(first[0]!, text), 0);
      const isAlike = sharedTokens(first[0]!, texts[0]!) >= leastShared * one.prompt.length;
      if (!isAlike || tokens + more > mostTokens) left.push(one);
      else {
        onPage.push(one);
        tokens += more;
      }
    }
    const id = `${trunk.item.pageKey}${isAlone ? ' alone' : ''} ${trunk.item.id}`;
    pages.push({
      ...branching(id, onPage.flatMap(textsOf)),
      questions: onPage.map(questionOf),
      isAlone,
    });
    rest = left;
  }
  return pages;
}

function ownTokens(trunk: Sequence, text: Sequence): number {
  return trunk === text ? text.tokens.length : text.tokens.length - sharedTokens(trunk, text);
}

/** A prompt with each of its answers, whose tokens alone are predicted. */
function textsOf({ item, prompt }: Asked): Sequence[] {
  return item.answers.map((answer) => {
    const tokens = new Int32Array(prompt.length + answer.length);
    tokens.set(prompt);
    tokens.set(answer, prompt.length);
    const weights = new Float32Array(tokens.length).fill(1, prompt.length);
    return { id: item.id, tokens, weights };
  });
}

function questionOf({ item, aloneKey }: Asked): Question {
  const { id, task, answers, rewards, group } = item;
  return { id, task, lengths: answers.map(({ length }) => length), rewards, group, aloneKey };
}
