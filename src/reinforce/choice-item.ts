import { DramatisError } from '../errors.ts';

/** A question with the answers that may be chosen, as tokens, and what choosing each of them gets. */
export interface ChoiceItem {
  readonly id: string;
  /** Task of the benchmark that asks it: tasks weigh alike, however many questions they have. */
  readonly task: string;
  /** Items with the same key are asked over one page, read once as far as they have it in common. */
  readonly pageKey: string;
  /** The prompt with the page. */
  readonly page: Int32Array;
  /** The prompt that asks the same without the page: what an answer has after it says how readily it is given anyway. */
  readonly alone: Int32Array;
  readonly answers: readonly Int32Array[];
  readonly rewards: readonly number[];
  /** Which figures it counts for besides those of all, such as "left". */
  readonly group: string;
}

/**
 * Refuses an item that nothing could be learned from, or that would spoil the batch it is in.
 *
 * @throws {DramatisError} DATA_REFUSED for fewer than two answers, an answer of no words, a reward that is no number.
 */
export function requireChoosable({ id, answers, rewards }: ChoiceItem): void {
  const refuse = (why: string): DramatisError =>
    new DramatisError('DATA_REFUSED', `the question ${id} ${why}`, {
      remedy:
        'A question has two answers or more, each of some words, and a finite reward for each.',
    });
  if (answers.length < 2)
    throw refuse(`has ${answers.length === 1 ? '1 answer' : 'no answers'}: there is no choice`);
  if (rewards.length !== answers.length)
    throw refuse(`has ${answers.length} answers and ${rewards.length} rewards`);
  const wrong = rewards.find((reward) => !Number.isFinite(reward));
  if (wrong !== undefined) throw refuse(`has the reward ${wrong}`);
  if (answers.some((answer) => answer.length === 0)) throw refuse('has an answer of no words');
}
