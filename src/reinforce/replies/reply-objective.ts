import type { Model } from '../../engine/model.ts';
import type { ActiveAdapter } from '../../engine/session/active-adapters.ts';
import type { Trainer } from '../../engine/trainer.ts';
import { DramatisError } from '../../errors.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { distinctShare } from '../../measure/text/diversity.ts';
import { words } from '../../play/words.ts';
import type { Sequence } from '../../train/batches.ts';
import { batchOf, packed } from '../../train/batches.ts';
import type {
  Found,
  Measure,
  Objective,
  ObjectiveFigures,
  WeighedBatch,
} from '../../train/objectives/objective.ts';
import { type GateName, gateNames } from '../reward/gates.ts';
import type { Criticism, Reply } from '../reward/reply.ts';
import type { Rewarded } from '../reward/reply-reward.ts';
import { bestOnly, leaveOneOut } from './advantages.ts';
import { criticise, type Judgeable } from './frozen-critic.ts';
import { replyBatch, sumsOf } from './reply-batch.ts';
import {
  firstState,
  type MonitorState,
  type StepHealth,
  type Stopped,
  type Watched,
  watchLook,
  watchStep,
} from './reply-monitor.ts';
import type { AskedSequence } from './reply-plan.ts';
import type { ReplyRecipe } from './reply-recipe.ts';
import type { PromptedQuestion, Rollout, Rollouts } from './rollouts.ts';

/** A reply as a run keeps it. */
export interface ToldReply {
  readonly asked: string;
  readonly question: string;
  readonly text: string;
  readonly reward: number;
  readonly gate?: GateName;
  readonly says?: string;
}

/** A text that is measured at looks and never learned: prose, or an own speech of a dev scene. */
export interface Probe {
  readonly kind: 'prose' | 'own';
  readonly sequence: Sequence;
  readonly bytes: number;
}

export interface ReplyObjectiveOptions {
  readonly model: Model;
  readonly trainer: Trainer;
  /** Adapters beneath, which are part of the reference. */
  readonly beneath: readonly ActiveAdapter[];
  readonly rollouts: Rollouts;
  readonly recipe: ReplyRecipe;
  /** What replies of a step are worth. */
  readonly reward: (replies: readonly Reply[]) => readonly Rewarded[];
  /** Words that half of the originals lie between. */
  readonly lengths: { readonly low: number; readonly high: number };
  /** A reply's text, as the frozen model judges it. */
  readonly judgeable: (question: PromptedQuestion, text: string) => Judgeable;
  readonly probes: readonly Probe[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Nats a token by which engine and trainer may differ on what one drew and the other learns, on average. The engine rounds what
 * goes into its quantised weights: SmolLM2-135M in Q4_1 is .08 apart in the rare tokens that temperature 1 draws. An adapter
 * that never reached the engine is further off within a few steps.
 */
const mostApart = 0.25;
/** Words that distinct-n is measured on. */
const distinctWords = 1000;
const copies: ReadonlySet<GateName> = new Set(['recited', 'stitched', 'echo']);

/** Replies that were drawn, by question, and what was found of each. */
interface Drawn {
  readonly rollouts: readonly Rollout[];
  readonly rewarded: readonly Rewarded[];
  /** −log p of every token, in nats. */
  readonly nll: Float32Array;
  /** log p less that of the reference, in nats a reply. */
  readonly kls: readonly number[];
}

/** What is kept of the objective in a checkpoint. */
interface Kept {
  readonly monitor: MonitorState;
  /** Mean reward of each step since the last look. */
  readonly since: readonly number[];
  readonly stopped?: Stopped | undefined;
}

/**
 * The expected reward of replies, made larger by drawing some: see `leaveOneOut` and `bestOnly`. Each step draws anew from the
 * policy as it is, and is the only one that learns from what it drew, so that no ratio to an older policy is needed.
 *
 * The reference, and the critic, is the trainer's own pass with what is trained taken out: the policy without its newest adapter.
 */
export class ReplyObjective implements Objective {
  readonly #options: ReplyObjectiveOptions;
  #kept: Kept;
  #told: readonly ToldReply[] = [];

  constructor(options: ReplyObjectiveOptions) {
    this.#options = options;
    this.#kept = { monitor: firstState(options.recipe.penalty), since: [] };
  }

  /** Why the run is to end, once a rule says so. */
  get stopped(): Stopped | undefined {
    return this.#kept.stopped;
  }

  /** Replies of the last step or look. */
  get told(): readonly ToldReply[] {
    return this.#told;
  }

  /** The reference is what is frozen: there is nothing to note. */
  async *refer(): AsyncGenerator<{ readonly done: number; readonly of: number }> {}

  save(): Kept {
    return this.#kept;
  }

  restore(kept: unknown): void {
    // JSON keeps what is no number, such as the share among too few words, as null.
    const text = JSON.stringify(kept);
    this.#kept = JSON.parse(text, (name, value: unknown) =>
      value === null && name !== 'sinceDoubled' ? Number.NaN : value,
    ) as Kept;
  }

  async weigh(sequences: readonly Sequence[]): Promise<WeighedBatch> {
    const { recipe, lengths } = this.#options;
    const asked = sequences.filter(isAsked);
    const drawn = await this.#draw(asked, recipe.replies);
    const { rollouts, nll, kls } = drawn;
    const rewarded = this.#dealt(drawn.rewarded, asked[0]!.drawnBy);
    const penalty = this.#kept.monitor.penalty / recipe.replyTokens;
    const advantages = grouped(
      rewarded.map(({ reward }, i) => ({ reward, kl: kls[i]! })),
      recipe.replies,
    ).map((got) => (recipe.method === 'rloo' ? leaveOneOut(got, penalty) : bestOnly(got)));
    // The same for all replies: divided by its own length, a long one would be punished less.
    const share = 1 / (rollouts.length * recipe.replyTokens);
    const weights = advantages.flat().map((advantage) => advantage * share);
    const batch = replyBatch(rollouts, weights);
    const figures = this.#figures(drawn, rewarded);
    const watched = watchStep(this.#kept.monitor, healthOf(figures), lengths);
    this.#keep(watched, [...this.#kept.since, figures.reward!]);
    const dead = advantages.filter((all) => all.every((one) => one === 0)).length;
    return {
      batch,
      lossWeights: new Float32Array(batch.targets.length).fill(1),
      figures: {
        ...figures,
        penalty: this.#kept.monitor.penalty,
        dead: dead / advantages.length,
        apart: await this.#apart(rollouts, nll),
      },
    };
  }

  /** Draws replies to questions that are never learned, at the same seeds in every look. */
  async look(dev: readonly Sequence[], measure: Measure): Promise<Found> {
    const { recipe } = this.#options;
    const asked = dev.filter(isAsked);
    const drawn = await this.#draw(asked, recipe.lookReplies);
    const figures = this.#figures(drawn, drawn.rewarded);
    const rewards = drawn.rewarded.map(({ reward }) => reward);
    const { since } = this.#kept;
    const shadow = figures.reward!;
    const health = {
      shadow,
      shadowError: errorOf(rewards),
      // Before anything is learned there is no gap.
      learned: since.length > 0 ? meanOf(since) : shadow,
      learnedError: since.length > 1 ? errorOf(since) : errorOf(rewards),
      prose: await this.#probed('prose', measure),
      own: await this.#probed('own', measure),
    };
    const watched = watchLook(this.#kept.monitor, health);
    this.#keep(watched, []);
    const { prose, own } = health;
    return { nll: 1 - shadow, figures: told({ ...figures, prose, own }) };
  }

  #keep({ state: monitor, stopped }: Watched, since: readonly number[]): void {
    const why = this.#kept.stopped ?? stopped;
    this.#kept = { monitor, since, ...(why && { stopped: why }) };
  }

  /** Rewards of replies to questions as the policy is now: nothing is learned or remembered. */
  async ask(asked: readonly AskedSequence[], replies: number): Promise<readonly number[]> {
    const { rewarded } = await this.#draw(asked, replies);
    return rewarded.map(({ reward }) => reward);
  }

  loss(): number {
    throw new RangeError('replies are looked at by drawing some');
  }

  /** Replies to each question with their rewards, and how far each is from the reference. */
  async #draw(asked: readonly AskedSequence[], replies: number): Promise<Drawn> {
    const { model, trainer, beneath, rollouts: drawing, signal } = this.#options;
    const questions = asked.map(({ question }) => question);
    using newest = await trainer.adapter(model);
    const adapters = [...beneath, { adapter: newest, scale: 1, scope: 'turn' as const }];
    const rollouts = await drawing.draw(questions, {
      ...{ adapters, replies, signal },
      seed: asked[0]!.drawnBy,
    });
    const batch = replyBatch(rollouts);
    const nll = await trainer.pass(batch, { signal });
    const { reference, criticisms } = await this.#frozen(rollouts);
    const replied = rollouts.map(
      ({ question, text, isEnded }, i): Reply => ({
        ...{ asked: question.asked, text, isEnded },
        criticism: criticisms[i]!,
      }),
    );
    const rewarded = this.#options.reward(replied);
    requireFinite(rewarded);
    const [now, then] = [sumsOf(rollouts, nll), sumsOf(rollouts, reference)];
    this.#told = rollouts.map(({ question, text }, i) => toldOf(question, text, rewarded[i]!));
    return { rollouts, rewarded, nll, kls: now.map((sum, i) => then[i]! - sum) };
  }

  /** What the model says with what is trained taken out; the trainer is left as it was, moments and all. */
  async #frozen(
    rollouts: readonly Rollout[],
  ): Promise<{ readonly reference: Float32Array; readonly criticisms: readonly Criticism[] }> {
    const { recipe, judgeable, signal } = this.#options;
    return this.frozen(
      async (measure) => ({
        reference: await measure(replyBatch(rollouts)),
        criticisms: await criticise(
          rollouts.map(({ question, text }) => judgeable(question, text)),
          measure,
          recipe.batchTokens,
        ),
      }),
      signal,
    );
  }

  /** Runs something with what is trained taken out of the trainer, and puts it back. */
  async frozen<T>(run: (measure: Measure) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { trainer, recipe } = this.#options;
    const state = await trainer.save();
    trainer.reset(recipe.seed);
    try {
      return await run((batch) => trainer.pass(batch, { signal }));
    } finally {
      await trainer.restore(state, this.#kept.monitor.steps);
    }
  }

  /** For the control: rewards dealt anew among the replies of a step. */
  #dealt(rewarded: readonly Rewarded[], seed: string): readonly Rewarded[] {
    if (this.#options.recipe.control === 'none') return rewarded;
    return shuffled(rewarded, prng(seedOf('permuted', seed)));
  }

  #figures(
    { rollouts, rewarded, kls, nll }: Drawn,
    counted: readonly Rewarded[],
  ): ObjectiveFigures {
    const said = rollouts.map(({ text }) => words(text));
    const all = said.flat();
    const runs = (n: number): string[] =>
      said.flatMap((own) =>
        Array.from({ length: Math.max(0, own.length - n + 1) }, (_, i) =>
          own.slice(i, i + n).join(' '),
        ),
      );
    const failed = (gate: GateName): number =>
      meanOf(rewarded.map(({ failure }) => Number(failure?.gate === gate)));
    const parts = rewarded.map((one) => one.parts);
    const known = parts.flatMap((one) => (one.known === undefined ? [] : [one.known]));
    return told({
      reward: meanOf(counted.map(({ reward }) => reward)),
      passed: meanOf(rewarded.map(({ failure }) => Number(failure === undefined))),
      ...Object.fromEntries(gateNames.map((gate) => [`fails ${gate}`, failed(gate)])),
      who: meanOf(parts.map(({ who }) => who)),
      apt: meanOf(parts.map(({ apt }) => apt)),
      manner: meanOf(parts.map(({ manner }) => manner)),
      ...(known.length > 0 && { known: meanOf(known) }),
      kl: meanOf(kls),
      entropy: nll.length === 0 ? 0 : nll.reduce((sum, one) => sum + one, 0) / nll.length,
      words: all.length / rollouts.length,
      ended: meanOf(rollouts.map(({ isEnded }) => Number(isEnded))),
      distinct1: distinctShare([all], distinctWords),
      distinct2: distinctShare([runs(2)], distinctWords),
      distinct3: distinctShare([runs(3)], distinctWords),
      copied: meanOf(
        rewarded.map(({ failure }) => Number(failure !== undefined && copies.has(failure.gate))),
      ),
    });
  }

  /** Mean difference of engine and trainer on one reply, in nats a token. */
  async #apart(rollouts: readonly Rollout[], nll: Float32Array): Promise<number> {
    const { model, trainer, beneath, rollouts: drawing, signal } = this.#options;
    const [first] = rollouts;
    if (!first || first.tokens.length === 0) return 0;
    using newest = await trainer.adapter(model);
    const adapters = [...beneath, { adapter: newest, scale: 1, scope: 'turn' as const }];
    const engine = await drawing.nats(first, adapters, signal);
    const apart = meanOf(Array.from(engine, (value, i) => Math.abs(value - nll[i]!)));
    if (apart <= mostApart) return apart;
    throw new DramatisError(
      'NATIVE_FAILED',
      `engine and trainer are ${apart.toFixed(3)} nats a token apart on what was drawn; at most ${mostApart} are wanted`,
      { remedy: 'Give --precision f32; the checkpoint before this step is kept, for --resume.' },
    );
  }

  async #probed(kind: Probe['kind'], measure: Measure): Promise<number> {
    const probes = this.#options.probes.filter((one) => one.kind === kind);
    if (probes.length === 0) return Number.NaN;
    let nats = 0;
    const { batchTokens } = this.#options.recipe;
    for (const sequences of packed(
      probes.map(({ sequence }) => sequence),
      batchTokens,
    ))
      for (const value of await measure(batchOf(sequences))) nats += value;
    return nats / Math.LN2 / probes.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

function requireFinite(rewarded: readonly Rewarded[]): void {
  const wrong = rewarded.find(({ reward }) => !Number.isFinite(reward));
  if (wrong)
    throw new DramatisError('NATIVE_FAILED', `a reply has the reward ${wrong.reward}`, {
      remedy: 'The checkpoint before this step is kept, for --resume.',
    });
}

const isAsked = (sequence: Sequence): sequence is AskedSequence => 'question' in sequence;

const healthOf = ({
  kl,
  entropy,
  words: count,
  distinct2,
  copied,
}: ObjectiveFigures): StepHealth => ({
  kl: kl!,
  entropy: entropy!,
  words: count!,
  distinct2: distinct2 ?? Number.NaN,
  copied: copied!,
});

function toldOf(
  { asked }: PromptedQuestion,
  text: string,
  { reward, failure }: Rewarded,
): ToldReply {
  const { id, question } = asked;
  return { asked: id, question, text, reward, ...failure };
}

/** Figures without those that nothing tells, such as the share among too few words. */
function told(figures: ObjectiveFigures): ObjectiveFigures {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)));
}

function grouped<T>(all: readonly T[], size: number): T[][] {
  return all.flatMap((_, i) => (i % size === 0 ? [all.slice(i, i + size)] : []));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of the mean. */
function errorOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, values.length - 1) / values.length);
}
