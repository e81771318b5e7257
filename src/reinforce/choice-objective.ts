import type { TrainBatch } from '../engine/trainer.ts';
import { DramatisError } from '../errors.ts';
import { firstPlace } from '../eval/choice.ts';
import { batchOf, packed, type Sequence } from '../train/batches.ts';
import type {
  Measure,
  Objective,
  ObjectiveFigures,
  ReadBatch,
  WeighedBatch,
} from '../train/objectives/objective.ts';
import { type ChoiceSlope, choiceSlope } from './choice-slope.ts';
import { answerSums, type Page, type Question, targetsOf } from './page.ts';

/** What questions without their pages are read with: their pages, and most tokens of a batch. */
export interface Alone {
  readonly pages: readonly Page[];
  readonly batchTokens: number;
}

/** A question as it was answered: a score for each answer, and what follows. */
interface Answered extends ChoiceSlope {
  readonly question: Question;
  readonly scores: readonly number[];
}

/** By how much each answer of a question is to become likelier, per nat of its score. */
type ChoiceRule = (answered: Answered) => readonly number[];

/** Makes the expected reward larger. */
export const byReward: ChoiceRule = ({ slopes }) => slopes;
/** Makes rewarded answers likelier by as much as they are rewarded, whatever the others have: supervised fine-tuning. */
export const byLikelihood: ChoiceRule = ({ question }) => question.rewards;

/** What differs from making the expected reward of one task larger. */
export interface ChoiceTeaching {
  readonly rule?: ChoiceRule;
  /** What a question of each task weighs beside others: see `taskWeights`. */
  readonly weights?: ReadonlyMap<string, number>;
}

/** Weights of questions, by task, with which all tasks weigh alike and the questions of each alike; 1 on average. */
export function taskWeights(
  questions: readonly { readonly task: string }[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { task } of questions) counts.set(task, (counts.get(task) ?? 0) + 1);
  return new Map(
    Array.from(counts, ([task, count]) => [task, questions.length / (counts.size * count)]),
  );
}

/**
 * The expected reward of choosing among a question's answers, made larger exactly: an answer's score is what it has after
 * the page less what it had without it before training began.
 *
 * What it had without the page is measured once and then stays: else saying the opposite there would be rewarded, too.
 * How far it has moved since is told as `drift`.
 */
export class ChoiceObjective implements Objective {
  readonly #alone: Alone;
  readonly #rule: ChoiceRule;
  readonly #weights: ReadonlyMap<string, number>;
  /** −log p of each answer without the page, in nats, by `Question.aloneKey`. */
  readonly #before = new Map<string, readonly number[]>();

  constructor(alone: Alone, { rule = byReward, weights = new Map() }: ChoiceTeaching = {}) {
    this.#alone = alone;
    this.#rule = rule;
    this.#weights = weights;
  }

  async *refer(
    batches: readonly (readonly Sequence[])[],
    measure: Measure,
  ): AsyncGenerator<{ readonly done: number; readonly of: number }> {
    const asked = new Set(
      batches
        .flat()
        .filter(isPage)
        .flatMap(({ questions }) => questions.map(({ aloneKey }) => aloneKey)),
    );
    const { pages, batchTokens } = this.#alone;
    const wanted = pages.filter(({ questions }) =>
      questions.some(({ aloneKey }) => asked.has(aloneKey)),
    );
    const alone = packed(wanted, batchTokens);
    for (const [done, sequences] of alone.entries()) {
      yield { done, of: alone.length };
      for (const { question, sums } of sumsOf(sequences, await measure(batchOf(sequences))))
        this.#before.set(question.aloneKey, sums);
    }
  }

  /** Weighs each answer's tokens by the slope of the expected reward in its score, and by what its question weighs. */
  async weigh(
    sequences: readonly Sequence[],
    batch: TrainBatch,
    measure: Measure,
  ): Promise<WeighedBatch> {
    const answered = this.#answered(sequences, await measure(batch));
    const weights = new Float32Array(batch.weights.length);
    const right = new Float32Array(batch.weights.length);
    let at = 0;
    for (const one of answered) {
      const { question } = one;
      const slopes = this.#rule(one);
      const share = (this.#weights.get(question.task) ?? 1) / answered.length;
      const best = Math.max(...question.rewards);
      question.lengths.forEach((length, k) => {
        weights.fill(slopes[k]! * share, at, at + length);
        if (question.rewards[k] === best) right.fill(1, at, at + length);
        at += length;
      });
    }
    const plain = new Uint8Array(weights.length).fill(1);
    return {
      batch: { ...batch, weights, plain },
      lossWeights: right,
      figures: sumUp(answered),
    };
  }

  /** How far the expected reward is from 1, where all tasks count alike. */
  loss(read: readonly ReadBatch[]): number {
    return 1 - meanOfTasks(this.#ofPages(read), ({ expected }) => expected);
  }

  figures(read: readonly ReadBatch[]): ObjectiveFigures {
    const answered = this.#ofPages(read);
    const groups = [...new Set(answered.map(({ question }) => question.group))].sort();
    const shares = groups.map((group) => {
      const own = answered.filter(({ question }) => question.group === group);
      return [`accuracy ${group}`, meanOf(own, accuracyOf)] as const;
    });
    return {
      ...sumUp(answered),
      ...Object.fromEntries(shares),
      drift: this.#drift(read),
    };
  }

  #ofPages(read: readonly ReadBatch[]): Answered[] {
    return read.flatMap(({ sequences, nll }) => this.#answered(sequences, nll));
  }

  /** The questions of a batch's pages, in the order of its targets. */
  #answered(sequences: readonly Sequence[], nll: Float32Array): Answered[] {
    return sumsOf(sequences, nll)
      .filter(({ page }) => !page.isAlone)
      .map(({ question, sums }) => {
        const before = this.#beforeOf(question);
        const scores = sums.map((sum, k) => before[k]! - sum);
        requireFinite(question, scores);
        return { question, scores, ...choiceSlope(scores, question.rewards) };
      });
  }

  /** Mean change, in nats, of how much likelier one answer is than another without a page; 0 where none was read. */
  #drift(read: readonly ReadBatch[]): number {
    const moved = read
      .flatMap(({ sequences, nll }) => sumsOf(sequences, nll))
      .filter(({ page }) => page.isAlone)
      .map(({ question, sums }) => {
        const before = this.#beforeOf(question);
        const changes = sums.map((sum, k) => before[k]! - sum);
        return Math.max(...changes) - Math.min(...changes);
      });
    return moved.length === 0 ? 0 : meanOf(moved, (one) => one);
  }

  #beforeOf({ id, aloneKey }: Question): readonly number[] {
    const before = this.#before.get(aloneKey);
    if (!before)
      throw new RangeError(
        `the question ${id} was not asked without its page before training: refer comes first`,
      );
    return before;
  }
}

const isPage = (sequence: Sequence): sequence is Page => 'questions' in sequence;

/** −log p of each answer of each question of a batch. */
function sumsOf(sequences: readonly Sequence[], nll: Float32Array) {
  let from = 0;
  return sequences.flatMap((page) => {
    if (!isPage(page)) throw new RangeError(`${page.id} is no page of questions`);
    const sums = answerSums(page, nll, from);
    from += targetsOf(page);
    return page.questions.map((question, i) => ({ page, question, sums: sums[i]! }));
  });
}

/** The expected reward, how often the likeliest answer is a right one, and the entropy of the choice in nats. */
function sumUp(answered: readonly Answered[]): ObjectiveFigures {
  return {
    reward: meanOfTasks(answered, ({ expected }) => expected),
    accuracy: meanOfTasks(answered, accuracyOf),
    entropy: meanOfTasks(answered, entropyOf),
  };
}

/** The mean over tasks of the mean over the questions of each. */
function meanOfTasks(answered: readonly Answered[], value: (one: Answered) => number): number {
  const tasks = [...new Set(answered.map(({ question }) => question.task))];
  return meanOf(tasks, (task) =>
    meanOf(
      answered.filter(({ question }) => question.task === task),
      value,
    ),
  );
}

function requireFinite({ id }: Question, scores: readonly number[]): void {
  if (scores.every(Number.isFinite)) return;
  throw new DramatisError(
    'NATIVE_FAILED',
    `the answers of the question ${id} have no probability: ${scores.join(', ')} nats`,
    { remedy: 'Give a lower --lr; the checkpoint before this step is kept.' },
  );
}

/** Whether the likeliest answer is a right one; where several are, the share of right ones among them. */
function accuracyOf({ question: { rewards }, scores }: Answered): number {
  const best = Math.max(...rewards);
  return firstPlace(scores, (k) => rewards[k] === best);
}

function entropyOf({ probabilities }: Answered): number {
  return probabilities.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
}

function meanOf<T>(all: readonly T[], value: (one: T) => number): number {
  return all.reduce((sum, one) => sum + value(one), 0) / all.length;
}
