import type { Sequence } from '../../train/batches.ts';
import { epochOrder } from '../../train/batches.ts';
import type { PlannedStep } from '../../train/plan.ts';
import type { QuestionKind } from './reply-questions.ts';
import type { ReplyRecipe } from './reply-recipe.ts';
import type { PromptedQuestion } from './rollouts.ts';

/** A question that a step asks. What is learned of it are replies that are not there yet, so its own tokens weigh nothing. */
export interface AskedSequence extends Sequence {
  readonly question: PromptedQuestion;
  /** What its replies are drawn by, besides its id. */
  readonly drawnBy: string;
}

/** A question with its kind. */
export interface KindOfQuestion extends PromptedQuestion {
  readonly kind: QuestionKind;
}

/** Share of a step's questions of each kind; cues fill what others leave. */
const shares: Readonly<Record<Exclude<QuestionKind, 'cue'>, number>> = {
  mask: 1 / 3,
  known: 1 / 6,
};

/**
 * Every step of a run: it follows from the questions and the recipe alone. Twins are asked in one step.
 *
 * @param questions At least one.
 */
export function replyPlan(
  questions: readonly KindOfQuestion[],
  {
    steps,
    seed,
    looksEvery,
    rate,
    warmUpSteps,
    questions: count,
  }: Pick<ReplyRecipe, 'steps' | 'seed' | 'looksEvery' | 'rate' | 'warmUpSteps' | 'questions'>,
): readonly PlannedStep[] {
  const streams = new Map(
    (['mask', 'known', 'cue'] as const).map((kind) => [
      kind,
      drawing(unitsOf(questions.filter((one) => one.kind === kind)), seed),
    ]),
  );
  return Array.from({ length: steps }, (_, i): PlannedStep => {
    const step = i + 1;
    const asked: PromptedQuestion[] = [];
    const ask = (kind: QuestionKind, most: number): void => {
      const { value: unit } = streams.get(kind)!.next();
      // A twin more is asked rather than half a pair.
      for (let next = unit, left = most; next && left > 0; ) {
        asked.push(...next);
        left -= next.length;
        if (left > 0) next = streams.get(kind)!.next().value;
      }
    };
    ask('mask', Math.floor(count * shares.mask));
    ask('known', Math.floor(count * shares.known));
    ask('cue', Math.max(0, count - asked.length));
    if (asked.length < count) ask('mask', count - asked.length);
    return {
      sequences: asked.slice(0, count + 1).map((one) => askedSequence(one, `${seed} step ${step}`)),
      epoch: 0,
      isEvaluated: step % looksEvery === 0 || step === steps,
      rate: rate * Math.min(1, step / Math.max(1, warmUpSteps)),
    };
  });
}

/** A question that is asked by a look or a step. */
export function askedSequence(question: PromptedQuestion, drawnBy: string): AskedSequence {
  const { asked, tokens } = question;
  return { id: asked.id, tokens, weights: new Float32Array(tokens.length), question, drawnBy };
}

type Unit = readonly PromptedQuestion[];

/** Questions by themselves, and those with a twin together with it. */
function unitsOf(questions: readonly PromptedQuestion[]): Unit[] {
  const byId = new Map(questions.map((one) => [one.asked.id, one]));
  return questions.flatMap((one): Unit[] => {
    const { id, twin } = one.asked;
    const other = twin === undefined ? undefined : byId.get(twin);
    if (!other) return [[one]];
    return id < twin! ? [[one, other]] : [];
  });
}

/** Units in another order each time round; a step may have one twice only where there are few. */
function* drawing(units: readonly Unit[], seed: number): Generator<Unit, undefined> {
  if (units.length === 0) return undefined;
  const named = units.map((unit) => ({
    ...{ id: unit[0]!.asked.id, tokens: unit[0]!.tokens, weights: new Float32Array(0) },
    unit,
  }));
  for (let epoch = 0; ; epoch++)
    for (const { id } of epochOrder(named, seed, epoch))
      yield named.find((one) => one.id === id)!.unit;
}
