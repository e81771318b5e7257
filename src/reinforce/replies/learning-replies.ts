import { type TrainingEvent, type TrainingOptions, training } from '../../train/training.ts';
import type { Stopped } from './reply-monitor.ts';
import type { ReplyObjective, ToldReply } from './reply-objective.ts';
import { askedSequence, type KindOfQuestion, replyPlan } from './reply-plan.ts';
import type { ReplyRecipe } from './reply-recipe.ts';

/** Figures of a step or a look, by name: `reward`, `passed`, `fails …`, `who`, `apt`, `known`, `manner`, `kl`, and the monitors'. */
type ReplyFigures = Readonly<Record<string, number>>;

/** What a run of learning from replies reports, in order. */
export type LearningEvent =
  | {
      readonly kind: 'start';
      readonly steps: number;
      readonly from: number;
      readonly warnings: readonly string[];
    }
  | {
      readonly kind: 'step';
      readonly step: number;
      readonly norm: number;
      readonly rate: number;
      readonly tokens: number;
      readonly seconds: number;
      readonly figures: ReplyFigures;
    }
  /** What replies to questions say that are never learned. */
  | {
      readonly kind: 'look';
      readonly step: number;
      readonly isBest: boolean;
      readonly figures: ReplyFigures;
      readonly replies: readonly ToldReply[];
    }
  /** Replies of a step that did not pass, and a few that did. */
  | { readonly kind: 'replies'; readonly step: number; readonly replies: readonly ToldReply[] }
  | { readonly kind: 'checkpoint'; readonly step: number }
  /** `rule`: a stop rule said so. The trainer holds the best look. */
  | {
      readonly kind: 'end';
      readonly why: 'done' | 'early' | 'time' | 'rule';
      readonly rule?: Stopped;
      readonly best: { readonly step: number; readonly reward: number } | undefined;
    };

export interface LearningOptions
  extends Pick<TrainingOptions, 'trainer' | 'folder' | 'checkpointSeconds' | 'isOver' | 'signal'> {
  readonly recipe: ReplyRecipe;
  readonly objective: ReplyObjective;
  readonly learned: readonly KindOfQuestion[];
  /** Never learned: the run is stopped by them. */
  readonly shadow: readonly KindOfQuestion[];
}

/**
 * Learns from replies until the steps are done, the shadow has got no better for long enough, a stop rule says so, or time is
 * over; the trainer then holds the best look. A run that was ended goes on from its last checkpoint to the same figures.
 *
 * @throws {DramatisError} STORE_UNWRITABLE; NATIVE_FAILED for a reward that is no number; `signal.reason`.
 */
export async function* learningReplies(
  options: LearningOptions,
): AsyncGenerator<LearningEvent, void> {
  const { recipe, objective, learned, shadow, isOver, ...rest } = options;
  const asked = shadow.slice(0, recipe.lookQuestions);
  let reached = 0;
  for await (const event of training({
    ...rest,
    // The objective writes its own batches: prompts are not learned.
    recipe: { ...recipe, scope: 'context' },
    objective,
    plan: replyPlan(learned, recipe),
    dev: asked.map((question) => askedSequence(question, `${recipe.seed} look`)),
    isOver: () => objective.stopped !== undefined || (isOver?.() ?? false),
  })) {
    if (event.kind === 'step') reached = event.step;
    const told = eventOf(event, objective);
    if (told) yield told;
    if (event.kind === 'step') yield { kind: 'replies', step: reached, replies: objective.told };
  }
}

function eventOf(event: TrainingEvent, objective: ReplyObjective): LearningEvent | undefined {
  switch (event.kind) {
    case 'step': {
      const { step, norm, rate, tokens, seconds, figures } = event;
      return { kind: 'step', step, norm, rate, tokens, seconds, figures: figures! };
    }
    case 'dev': {
      const { step, isBest, figures } = event;
      return { kind: 'look', step, isBest, figures: figures!, replies: objective.told };
    }
    case 'start': {
      const { steps, from, warnings } = event;
      return { kind: 'start', steps, from, warnings };
    }
    case 'end': {
      const { best } = event;
      const rule = event.why === 'time' ? objective.stopped : undefined;
      return {
        kind: 'end',
        why: rule ? 'rule' : event.why,
        ...(rule && { rule }),
        best: best && { step: best.step, reward: 1 - best.nll },
      };
    }
    case 'checkpoint':
      return event;
    case 'reference':
      return undefined;
  }
}
