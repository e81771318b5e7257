import type { ChoiceItem } from './choice-item.ts';

/**
 * An item as tests make it: a page, a question after it, and answers, whatever numbers stand for their tokens.
 *
 * @param more What differs from a question of two answers of which the first is right.
 */
export function someItem(
  id: string,
  page: readonly number[],
  question: readonly number[],
  more: Partial<Omit<ChoiceItem, 'answers'>> & {
    readonly answers?: readonly (readonly number[])[];
  } = {},
): ChoiceItem {
  const {
    answers = [
      [1, 9],
      [2, 9, 9],
    ],
    ...rest
  } = more;
  return {
    id,
    task: 'stage',
    pageKey: '1.1',
    page: Int32Array.of(...page, ...question),
    alone: Int32Array.of(...question),
    answers: answers.map((answer) => Int32Array.from(answer)),
    rewards: [1, 0],
    group: 'all',
    ...rest,
  };
}
