import type { Model } from '../engine/model.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import { applyForTurn } from '../engine/session/apply-for-turn.ts';
import type { Session } from '../engine/session/session.ts';
import type { Recollection } from '../memory/recalled.ts';
import type { RecallBudget } from '../memory/recollect.ts';
import { displayName } from '../play/cast/display-name.ts';
import { answeringFor } from '../prompt/layout.ts';
import { type Quotation, type ScenePrompt, templateFor } from '../prompt/prompt.ts';
import type { Answering } from '../prompt/prompt-template.ts';
import { scenePrompt } from '../prompt/scene-prompt.ts';
import { speechSampling } from '../prompt/speech-sampling.ts';
import { Contrast } from '../steer/draw/contrast.ts';
import { FactPush } from '../steer/draw/fact-push.ts';
import { grammarTexts } from '../steer/draw/grammar-texts.ts';
import { scoreSteered } from '../steer/draw/score-steered.ts';
import { totalCost } from '../steer/lever-costs.ts';
import { unknownGrammar } from '../steer/levers/unknown.ts';
import type { LeverCost, Steering } from '../steer/steering.ts';
import { freeForm } from './free-reply.ts';
import { recallForTurn } from './recall-for-turn.ts';
import type { Draft } from './review/critic.ts';
import type { ReflectionRecord } from './review/reflect.ts';
import { isUnknownWording, unknownWording } from './said-before.ts';
import {
  type SpeakingPart,
  type SpeakOptions,
  type Spoken,
  speak,
  speakTogether,
  spoken,
} from './speak.ts';
import type {
  DraftRequest,
  VoiceContext,
  VoiceDrawing,
  VoiceOptions,
  VoicePrompt,
} from './voice-options.ts';
import { wholeSentences } from './whole-sentences.ts';

/**
 * One speaker on one timeline: renders contexts, speaks and scores under one persona, memory, steering and set of adapters.
 * An actor, the benchmark's subject and everybody on a stage are voices with a policy of their own around them.
 */
export class Voice {
  /** Adapters from the next prompt on. */
  adapters: readonly ActiveAdapter[];
  readonly session: Session;
  readonly steering: Steering;
  readonly #options: VoiceOptions;
  #contrast: Contrast | undefined;
  /** Cost of the contrasts before it. */
  #contrasted: readonly LeverCost[] = [];

  constructor(options: VoiceOptions) {
    this.#options = options;
    this.session = options.session;
    this.steering = options.steering;
    this.adapters = options.adapters ?? [];
  }

  /** What comes to mind at the last turn: see `recallForTurn`. */
  async recall({ turns: lines, at }: VoiceContext, signal?: AbortSignal): Promise<Recollection> {
    const { memory, speaker } = this.#options;
    const turns = lines.filter((line) => line.speaker !== undefined);
    return memory && speaker
      ? recallForTurn(memory, { turns, speaker, at, budget: this.#budget }, signal)
      : { items: [] };
  }

  /**
   * The prompt of a context, with as much of it as fits the window.
   *
   * @param room Tokens to leave free for what is to come.
   * @throws {DramatisError} WINDOW_EXCEEDED if the last turn alone does not fit.
   */
  render(context: VoiceContext, room = 0): VoicePrompt {
    const { form, persona, speaker, memory } = this.#options;
    const { model, window } = this.session;
    const recalled = this.#shown(context);
    // Without a memory there is nothing to answer from.
    const isAsked = context.isAsked && memory !== undefined;
    const scene = { ...context, recalled, isAsked, form, persona, speaker };
    const prompt = scenePrompt(model, scene, window - room);
    const { turns, at } = context;
    return { ...prompt, turns: turns.slice(prompt.dropped), conversation: turns, at };
  }

  /**
   * Applies the adapters to the session: those for own turns from where the prompt's turn begins.
   *
   * @param prompt Undefined while only what comes before the turn is read.
   */
  applyAdapters(prompt?: Pick<ScenePrompt, 'turnFrom'>): void {
    applyForTurn(this.session, this.adapters, prompt?.turnFrom);
  }

  /** A reply as a part of `speakTogether`, in which voices of one cache take their steps together. */
  async part(prompt: VoicePrompt, drawing: VoiceDrawing): Promise<SpeakingPart> {
    const options = await this.#speakOptions(prompt, drawing);
    this.applyAdapters(prompt);
    return { session: this.session, prompt: prompt.tokens, options };
  }

  /**
   * Speaks what comes after a prompt, piece by piece.
   *
   * @throws {DramatisError} What `speak` throws; `signal.reason` when aborted.
   */
  async *speak(
    prompt: VoicePrompt,
    drawing: VoiceDrawing,
    signal?: AbortSignal,
  ): AsyncGenerator<string, Spoken, undefined> {
    const { session, prompt: tokens, options } = await this.part(prompt, drawing);
    return yield* speak(session, tokens, { ...options, signal });
  }

  /** Speaks the best of several drafts: those that the steering's reflection asks for, as critics see them. */
  draft(
    { context, prompt, room, drawing, review, reviewContext }: DraftRequest,
    signal?: AbortSignal,
  ): Promise<{ readonly draft: Draft; readonly record: ReflectionRecord }> {
    const { form } = this.#options;
    return review.reflect({
      plan: this.steering.reflection!,
      seed: drawing.seed,
      session: this.session,
      context: reviewContext,
      signal,
      build: (note) => (note === undefined ? prompt : this.render({ ...context, note }, room)),
      drafts: (asked, seeds) => this.#drafts(asked, drawing, seeds, signal),
      write: (text) => this.session.model.tokenize(form === 'script' ? ` ${text}` : text),
    });
  }

  /**
   * Log-probabilities in nats of each token of each text after a prompt.
   *
   * @returns Also how many tokens were evaluated, the prompt's prefix left out.
   */
  async score(
    prompt: VoicePrompt,
    texts: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ readonly scores: readonly Float32Array[]; readonly evaluated: number }> {
    this.applyAdapters(prompt);
    const continuations = texts.map((text) => prompt.continuation(text));
    const request = { prefix: prompt.tokens, continuations };
    const { scores, evaluated } = await this.session.scoreAll([request], signal);
    return { scores: scores[0]!, evaluated };
  }

  /** Scores as `score` does, of the distribution that a steered reply would be drawn from: see `scoreSteered`. */
  async scoreSteered(
    prompt: VoicePrompt,
    texts: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ readonly scores: readonly Float32Array[]; readonly evaluated: number }> {
    const { steering } = this;
    const scores: Float32Array[] = [];
    let evaluated = prompt.tokens.length - prompt.prefixLength;
    for (const text of texts) {
      const words = prompt.continuation(text);
      const contrast = await this.#contrastFor(prompt);
      this.applyAdapters(prompt);
      const options = { steering, contrast, signal };
      scores.push(await scoreSteered(this.session, prompt.tokens, words, options));
      evaluated += words.length * (contrast ? 2 : 1);
    }
    return { scores, evaluated };
  }

  /** Cost of each lever since the voice was opened. */
  costs(): readonly LeverCost[] {
    return [...(this.steering.costs?.() ?? []), ...this.#contrastCost()];
  }

  /** How the model answers from what it recalls. */
  get #answering(): Answering {
    return answeringFor(this.session.model, this.#options.persona);
  }

  get #budget(): Partial<RecallBudget> {
    return { digests: this.#answering.facts };
  }

  /** What stands in the prompt as recalled: that nothing is known, where it is so. */
  #shown({ recalled, knowing, turns }: VoiceContext): readonly Quotation[] | undefined {
    if (knowing?.isKnown !== false) return recalled;
    const { persona, speaker } = this.#options;
    const text = unknownWording(templateFor(persona), { turns, speaker });
    return text === undefined ? recalled : [{ text }];
  }

  /** What pushes the fact that a prompt shows, if the model needs it. */
  #factPush({ fact }: VoicePrompt, again: string): FactPush | undefined {
    const { push: pushKnown, pushUnknown, end } = this.#answering;
    if (fact === undefined || !this.steering.pushesFacts) return undefined;
    const isUnknown = isUnknownWording(templateFor(this.#options.persona), fact);
    const push = isUnknown ? pushUnknown : pushKnown;
    return push === 0
      ? undefined
      : new FactPush(this.session.model, { fact: again + fact, push, end });
  }

  /** What pushes down the words of what the speaker has not learnt, but for those that its prompt has. */
  #unknownGrammars({ tokens, at }: VoicePrompt): string[] {
    const { memory, speaker } = this.#options;
    if (!this.steering.hidesUnknown || !memory || speaker === undefined) return [];
    const unknown = memory.unknownWords({ character: speaker, before: at });
    const grammar = unknownGrammar(unknown?.except(this.session.model.detokenize(tokens)) ?? []);
    return grammar === '' ? [] : [grammar];
  }

  /** Who the speaker is, and all of a prompt that is not the same from turn to turn. */
  #told({ tokens, prefixLength, at }: VoicePrompt): string {
    const { persona } = this.#options;
    const who = persona
      ? [persona.role, persona.description, ...persona.relations, persona.situation(at)]
      : [];
    return [...who, this.session.model.detokenize(tokens.subarray(prefixLength))].join('\n');
  }

  async #speakOptions(
    prompt: VoicePrompt,
    { seed, maxTokens, sampling, history, openings, isWhole = false }: VoiceDrawing,
  ): Promise<SpeakOptions> {
    const { steering, speaker, persona } = this.#options;
    const { temperature } = this.#answering;
    const answering = prompt.fact === undefined || temperature === undefined ? {} : { temperature };
    const drawn = { ...speechSampling, ...steering.sampling, ...answering, ...sampling, seed };
    const asked = grammarTexts(drawn.grammar);
    steering.standBeside?.(asked);
    const told = (): string => this.#told(prompt);
    const free = { speaker, persona, steering, prompt, told, maxTokens };
    const form = asked.length > 0 ? { grammar: asked, again: '' } : freeForm(free);
    const { grammar, again, ...ending } = form;
    const names = speaker === undefined ? [] : [speaker, displayName(speaker)];
    return {
      names: [...new Set([...names, ...(persona ? [persona.displayName] : [])])],
      steering,
      contrast: await this.#contrastFor(prompt),
      fact: this.#factPush(prompt, again),
      ...(openings && { opening: firstTokens(this.session.model, openings) }),
      sampling: {
        ...drawn,
        grammar: [
          ...grammar,
          ...this.#unknownGrammars(prompt),
          ...(isWhole ? [wholeSentences] : []),
        ],
      },
      maxTokens,
      ...ending,
      stop: [...new Set([...prompt.stop, ...steering.stop])],
      // A fact may be told as often as it is asked for.
      ...(history && prompt.fact === undefined && { history }),
    };
  }

  /** Drafts at some seeds, in their order: together on forks where the cache has room, else one after another. */
  async *#drafts(
    prompt: VoicePrompt,
    drawing: VoiceDrawing,
    seeds: readonly number[],
    signal?: AbortSignal,
  ): AsyncGenerator<Spoken> {
    if (await this.#hasRoomFor(seeds.length)) {
      yield* await this.#together(prompt, drawing, seeds, signal);
      return;
    }
    for (const seed of seeds) yield spoken(this.speak(prompt, { ...drawing, seed }, signal));
  }

  /** With contrast drafts are spoken one by one: one base, one reader. Nobody shares the cache of an exact voice. */
  async #hasRoomFor(drafts: number): Promise<boolean> {
    const { steering, policy } = this.#options;
    const isContrasted = steering.contrast !== undefined && steering.contrast !== 1;
    if (policy === 'exact' || isContrasted) return false;
    const { sessions, open } = await this.session.cache.usage();
    return open + drafts - 1 <= sessions;
  }

  async #together(
    prompt: VoicePrompt,
    drawing: VoiceDrawing,
    seeds: readonly number[],
    signal?: AbortSignal,
  ): Promise<readonly Spoken[]> {
    this.applyAdapters(prompt);
    if (prompt.tokens.length > 1) await this.session.prefill(prompt.tokens.subarray(0, -1), signal);
    const forks: Session[] = [];
    try {
      const parts: SpeakingPart[] = [];
      for (const [i, seed] of seeds.entries()) {
        if (i > 0) forks.push(await this.session.fork());
        const options = await this.#speakOptions(prompt, { ...drawing, seed });
        parts.push({ session: forks[i - 1] ?? this.session, prompt: prompt.tokens, options });
      }
      return await spoken(speakTogether(parts, signal));
    } finally {
      for (const fork of forks) fork[Symbol.dispose]();
    }
  }

  /**
   * The model without what makes it the speaker: with an adapter it is the same prompt without one, else the same scene
   * without a persona. Undefined where contrast is off, or the base would be no other.
   */
  async #contrastFor(prompt: VoicePrompt): Promise<Contrast | undefined> {
    const { steering, base: openBase, persona, form, speaker, policy } = this.#options;
    const { contrast: alpha } = steering;
    const isAdapted = this.adapters.length > 0;
    if (alpha === undefined || alpha === 1 || !openBase || !(isAdapted || persona))
      return undefined;
    const base = await openBase();
    if (policy === 'exact') base.clear(); // what is drawn must not depend on what was asked before
    const { turns } = prompt;
    const bare = (): ScenePrompt => scenePrompt(this.session.model, { form, turns, speaker });
    this.#contrasted = this.#contrastCost();
    const tokens = isAdapted ? prompt.tokens : bare().tokens;
    this.#contrast = new Contrast({ alpha, base, prompt: tokens });
    return this.#contrast;
  }

  #contrastCost(): LeverCost[] {
    const last = this.#contrast ? [this.#contrast.cost()] : [];
    return totalCost([...this.#contrasted, ...last]);
  }
}

/** The first tokens of some words, at the start of a text and after a space. */
function firstTokens(
  model: Pick<Model, 'tokenize'>,
  words: ReadonlyMap<string, number>,
): ReadonlyMap<number, number> {
  const tokens = new Map<number, number>();
  for (const [word, nats] of words)
    for (const text of [word, ` ${word}`]) {
      const [token] = model.tokenize(text);
      if (token !== undefined) tokens.set(token, nats);
    }
  return tokens;
}
