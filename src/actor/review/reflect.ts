import type { ReflectionPlan } from '../../steer/steering.ts';
import type { Critic, Draft, Objection } from './critic.ts';

/** A draft that was not spoken, and why. */
export interface Rejected {
  readonly text: string;
  readonly seed: number;
  /** Counted from 0. */
  readonly round: number;
  /** Critic and reason; empty for one that only another was better than. */
  readonly objections: readonly Pick<Objection, 'critic' | 'reason'>[];
}

/** What the journal keeps of a reflection. */
export interface ReflectionRecord {
  readonly rejected: readonly Rejected[];
  readonly rounds: number;
  /** Whether the one spoken had an objection against it too: no draft was without. */
  readonly isForced: boolean;
  readonly ms: number;
}

export interface ReflectOptions {
  readonly plan: ReflectionPlan;
  /** Seed of the first draft; each further one takes the next number. */
  readonly seed: number;
  /**
   * Drafts at these seeds, in their order, however they are made: one after another, or together in one batch.
   *
   * @param note What the drafts before were to do better.
   */
  readonly draft: (seeds: readonly number[], note: string | undefined) => Promise<readonly Draft[]>;
  readonly critics: readonly Critic[];
  /** More is better: chooses between drafts that have as little against them. */
  readonly worth: (draft: Draft) => number;
}

/**
 * Drafts, criticises, and chooses: of a round's drafts without objection the worthiest. If each has one, they are told to
 * the next round; after the last, the draft with the fewest objections of all rounds is spoken, and the record says so.
 */
export async function reflect(
  options: ReflectOptions,
): Promise<{ readonly draft: Draft; readonly record: ReflectionRecord }> {
  const { plan, critics, worth } = options;
  const start = performance.now();
  const judged: Judged[] = [];
  let note: string | undefined;
  let round = 0;
  for (; round <= plan.retries; round++) {
    const seeds = Array.from(
      { length: plan.drafts },
      (_, i) => (options.seed + round * plan.drafts + i) % 2 ** 32,
    );
    for (const draft of await options.draft(seeds, note)) {
      const objections = critics.flatMap((critic) => critic.object(draft) ?? []);
      judged.push({ draft, round, objections, worth: worth(draft) });
    }
    if (judged.some(({ objections }) => objections.length === 0)) break;
    note = notesOf(judged.filter((one) => one.round === round));
  }
  const best = judged.reduce((a, b) => (isBetter(b, a) ? b : a));
  return {
    draft: best.draft,
    record: {
      rejected: judged.filter((one) => one !== best).map(rejectedOf),
      rounds: Math.min(round, plan.retries) + 1,
      isForced: best.objections.length > 0,
      ms: performance.now() - start,
    },
  };
}

interface Judged {
  readonly draft: Draft;
  readonly round: number;
  readonly objections: readonly Objection[];
  readonly worth: number;
}

function isBetter(a: Judged, b: Judged): boolean {
  const fewer = b.objections.length - a.objections.length;
  return fewer !== 0 ? fewer > 0 : a.worth > b.worth;
}

/** Each order once, in the order first given. */
function notesOf(judged: readonly Judged[]): string {
  const notes = judged.flatMap(({ objections }) => objections.map(({ note }) => note));
  return [...new Set(notes)].join(' ');
}

const rejectedOf = ({ draft, round, objections }: Judged): Rejected => ({
  text: draft.text,
  seed: draft.seed,
  round,
  objections: objections.map(({ critic, reason }) => ({ critic, reason })),
});
