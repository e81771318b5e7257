import { recallForTurn } from '../../actor/recall-for-turn.ts';
import { type Asking, DraftReview } from '../../actor/review/draft-review.ts';
import { type Spoken, speak, spoken } from '../../actor/speak.ts';
import type { Model } from '../../engine/model.ts';
import type { ActiveAdapter } from '../../engine/session/active-adapters.ts';
import { applyForTurn, isForTurns } from '../../engine/session/apply-for-turn.ts';
import type { Session } from '../../engine/session/session.ts';
import type { Answer, ScoreAnswer, TextAnswer } from '../../measure/row.ts';
import type { Memory } from '../../memory/memory.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import { parsePlace } from '../../play/place.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { displayName } from '../../prompt/display-name.ts';
import { personaOf } from '../../prompt/persona/persona.ts';
import {
  type Form,
  type Persona,
  type Quotation,
  type ScenePrompt,
  VISITOR,
} from '../../prompt/prompt.ts';
import type { PromptTemplate } from '../../prompt/prompt-template.ts';
import { scenePrompt } from '../../prompt/scene-prompt.ts';
import { speechSampling } from '../../prompt/speech-sampling.ts';
import { Contrast } from '../../steer/draw/contrast.ts';
import { scoreSteered } from '../../steer/draw/score-steered.ts';
import { type Strengths, strengthsOf } from '../../steer/lever-names.ts';
import type { ControlOptions } from '../../steer/levers/control-vector.ts';
import { noSteering, type Steering } from '../../steer/steering.ts';
import { SteeringLevers } from '../../steer/steering-levers.ts';
import { type Levers, noUsage, type Subject, steeredBy, type Usage } from '../subject.ts';
import type { Context, Request, SceneTurn, ScoreRequest, TextRequest } from '../task.ts';

export interface EngineSubjectOptions extends Strengths {
  readonly model: Model;
  /** Stays the caller's to dispose of; nobody else may use it meanwhile. */
  readonly session: Session;
  /** What may be shown to the model: the play without the scenes that are held out. */
  readonly shown: Play;
  readonly form: Form;
  readonly levers: Levers;
  /** Active while the adapter component is on; their effects add up. */
  readonly adapters?: readonly ActiveAdapter[] | undefined;
  /** Memory of what `shown` holds. */
  readonly memory?: Memory | undefined;
  /** In which words the persona is told while the lever "prompt" is on. */
  readonly template?: PromptTemplate | undefined;
  /** Whether what steers also bends what is scored, token by token, and not only what is said: see `scoreSteered`. Off by default. */
  readonly steersScores?: boolean | undefined;
  /** Where control vectors are kept. */
  readonly making?: ControlOptions | undefined;
  /** A second session for contrast, opened when it is first needed; its opener disposes of it. */
  readonly baseSession?: (() => Promise<Session>) | undefined;
}

/** A context as tokens, ready to be gone on with. */
interface Rendered extends ScenePrompt {
  /** `tokens` up to `prefixLength`, as a key. */
  readonly prefix: string;
}

/** Rows of logits that a scoring session may keep, in bytes. */
const scoreRowBytes = 64 * 2 ** 20;

/** A session to evaluate with: as many rows of logits as fit a bounded memory, and larger steps than a chat's. */
export function openScoringSession(model: Model): Promise<Session> {
  const rows = Math.floor(scoreRowBytes / (4 * model.info.vocabulary));
  return model.session({
    stepTokens: 2 * model.stepTokens,
    scoreRows: Math.max(16, Math.min(256, rows)),
  });
}

/** A model of our own engine, asked through the one prompt builder. */
export class EngineSubject implements Subject {
  readonly levers: Levers;
  readonly #options: EngineSubjectOptions;
  readonly #cast = new Map<string, { persona: Persona; member: CastMember }>();
  readonly #steering = new Map<string, Promise<Steering>>();
  readonly #reviews = new Map<string, DraftReview>();

  constructor(options: EngineSubjectOptions) {
    const { levers, adapters = [], memory, template } = options;
    this.#options = options;
    this.levers = {
      ...levers,
      adapter: levers.adapter && adapters.length > 0,
      memory: levers.memory && memory !== undefined,
      prompt: levers.prompt && template !== undefined,
    };
  }

  withLevers(levers: Levers): EngineSubject {
    return new EngineSubject({ ...this.#options, levers });
  }

  async answerUnit(
    requests: readonly Request[],
    signal?: AbortSignal,
  ): Promise<{ answers: Answer[]; usage: Usage }> {
    this.#applyAdapters(undefined);
    const answers: Answer[] = new Array(requests.length);
    const counted = { ...noUsage, firstTokenMs: [] as number[] };
    const scoring = performance.now();
    for (const group of await this.#groups(requests, signal)) {
      counted.evaluatedTokens += await this.#hold(group[0]!.rendered, signal);
      const { scores, evaluated } = await this.#scoreGroup(group, signal);
      counted.evaluatedTokens += evaluated;
      group.forEach(({ at }, i) => {
        const answer = scoreAnswer(scores[i]!);
        counted.scoredTokens += answer.tokens.reduce((sum, n) => sum + n, 0);
        answers[at] = answer;
      });
    }
    counted.scoreMs = performance.now() - scoring;
    for (const [at, request] of requests.entries()) {
      if (request.kind !== 'text') continue;
      const { answer, evaluated, firstTokenMs, restMs } = await this.#say(request, signal);
      answers[at] = answer;
      counted.readTokens += evaluated;
      counted.generatedTokens += answer.tokens;
      counted.generateMs += restMs;
      counted.firstTokenMs.push(firstTokenMs);
    }
    return { answers, usage: counted };
  }

  /** What the adapter's lever puts on; what is made for own turns alone acts from there on, and on nothing before it. */
  #applyAdapters(turnFrom: number | undefined): void {
    applyForTurn(this.#options.session, this.#adapters, turnFrom);
  }

  get #adapters(): readonly ActiveAdapter[] {
    return this.levers.adapter ? (this.#options.adapters ?? []) : [];
  }

  /** Score requests in the order given, those with the same persona together. */
  async #groups(requests: readonly Request[], signal?: AbortSignal): Promise<Scoring[][]> {
    const groups = new Map<string, Scoring[]>();
    for (const [at, request] of requests.entries()) {
      if (request.kind !== 'score') continue;
      const rendered = await this.#render(request.context, longest(request), signal);
      const scoring = { at, request, rendered };
      const group = groups.get(rendered.prefix);
      if (group) group.push(scoring);
      else groups.set(rendered.prefix, [scoring]);
    }
    return [...groups.values()];
  }

  /**
   * Leaves nothing in the cache but the persona's prefix, evaluated as it always is: alone, from empty.
   *
   * @returns Tokens evaluated.
   */
  async #hold({ tokens, prefixLength }: Rendered, signal?: AbortSignal): Promise<number> {
    const { session } = this.#options;
    const prefix = tokens.subarray(0, prefixLength);
    return session.startFrom(prefix, 'exact', signal);
  }

  async #scoreGroup(
    group: readonly Scoring[],
    signal?: AbortSignal,
  ): Promise<{ scores: Float32Array[][]; evaluated: number }> {
    const { session, steersScores = false } = this.#options;
    const { context } = group[0]!.request;
    // Also where no lever is on: what is compared with it is read token by token, which gives other last bits.
    const isSteered = steersScores && context.kind !== 'text' && context.speaker !== undefined;
    if (!isSteered) {
      return this.#adapters.some(isForTurns)
        ? this.#scoreTurns(group, signal)
        : session.scoreAll(group.map(toEngine), signal);
    }
    const scores: Float32Array[][] = [];
    let evaluated = 0;
    for (const { request, rendered } of group) {
      const rows: Float32Array[] = [];
      const steering = await this.#steeringOf(request.context);
      for (const text of request.continuations) {
        const words = rendered.continuation(text);
        const contrast = await this.#contrastOf(request.context, rendered, steering);
        this.#applyAdapters(rendered.turnFrom);
        rows.push(
          await scoreSteered(session, rendered.tokens, words, { steering, contrast, signal }),
        );
        evaluated += words.length * (contrast ? 2 : 1);
      }
      evaluated += rendered.tokens.length - rendered.prefixLength;
      scores.push(rows);
    }
    return { scores, evaluated };
  }

  /** One request after another: each turn begins somewhere else. They share what was read before it. */
  async #scoreTurns(
    group: readonly Scoring[],
    signal?: AbortSignal,
  ): Promise<{ scores: Float32Array[][]; evaluated: number }> {
    const scores: Float32Array[][] = [];
    let evaluated = 0;
    for (const one of group) {
      this.#applyAdapters(one.rendered.turnFrom);
      const found = await this.#options.session.scoreAll([toEngine(one)], signal);
      scores.push(found.scores[0]!);
      evaluated += found.evaluated;
    }
    return { scores, evaluated };
  }

  async #say(
    request: TextRequest,
    signal?: AbortSignal,
  ): Promise<{ answer: TextAnswer; evaluated: number; firstTokenMs: number; restMs: number }> {
    const start = performance.now();
    const { context, maxTokens, seed } = request;
    const rendered = await this.#render(context, maxTokens, signal);
    const evaluated =
      (await this.#hold(rendered, signal)) + rendered.tokens.length - rendered.prefixLength;
    this.#applyAdapters(rendered.turnFrom);
    const steering = await this.#steeringOf(context);
    const speaking = (asked: Asking, ofSeed: number) =>
      this.#speaking({ ...request, seed: ofSeed }, { ...rendered, ...asked }, steering, signal);
    const isReviewed = steering.reflection !== undefined && context.kind !== 'text';
    const said = isReviewed
      ? await this.#reviewDrafts({ request, context, rendered, steering, speaking, signal })
      : await spoken(await speaking(rendered, seed));
    const { text, tokens, stop } = said;
    const now = performance.now();
    return {
      answer: { kind: 'text', text, tokens: tokens.length, stop },
      evaluated,
      // Whoever waits for the best of several drafts waits for all of them.
      firstTokenMs: (isReviewed ? now : said.firstAt) - start,
      restMs: now - (isReviewed ? start : said.firstAt),
    };
  }

  async #speaking(
    { context, maxTokens, seed, temperature }: TextRequest,
    rendered: Rendered,
    steering: Steering,
    signal?: AbortSignal,
  ): Promise<ReturnType<typeof speak>> {
    this.#applyAdapters(rendered.turnFrom);
    const name = context.kind === 'text' ? undefined : context.speaker;
    const stop = context.kind === 'text' ? [] : [...rendered.stop, ...steering.stop];
    return speak(this.#options.session, rendered.tokens, {
      names: name === undefined ? [] : [name, displayName(name)],
      steering,
      contrast: await this.#contrastOf(context, rendered, steering),
      sampling: {
        ...speechSampling,
        ...steering.sampling,
        ...(temperature !== undefined && { temperature }),
        seed,
      },
      maxTokens,
      stop: [...new Set(stop)],
      ...(signal && { signal }),
    });
  }

  /** The best of several drafts; the critics know the shown scenes and no others. */
  async #reviewDrafts(asked: Reviewing): Promise<Spoken> {
    const { session, shown: play, form, model } = this.#options;
    const { request, context, rendered, steering, speaking, signal } = asked;
    const { seed, maxTokens } = request;
    const found = context.speaker === undefined ? undefined : this.#castOf(context.speaker);
    if (!found) return spoken(await speaking(rendered, seed));
    const { member: character, persona } = found;
    let review = this.#reviews.get(character.name);
    if (!review) {
      review = new DraftReview({ play, shown: play, character });
      this.#reviews.set(character.name, review);
    }
    const heard = turnsOf(context).map(({ text }) => text);
    const { draft } = await review.reflect({
      ...{ plan: steering.reflection!, seed, session, signal, say: speaking },
      context: {
        question: heard.at(-1) ?? '',
        told: [persona.description, ...persona.relations, ...heard].join('\n'),
        at: context.at === undefined ? undefined : parsePlace(context.at),
      },
      build: (note) =>
        note === undefined ? rendered : this.#render(context, maxTokens, signal, note),
      write: (text) => model.tokenize(form === 'script' ? ` ${text}` : text),
    });
    return draft;
  }

  /** Undefined where contrast is off, or nothing is there that the base has not. */
  async #contrastOf(
    context: Context,
    rendered: Rendered,
    { contrast: alpha }: Steering,
  ): Promise<Contrast | undefined> {
    const { adapters = [], baseSession, model, form } = this.#options;
    const isAdapted = this.levers.adapter && adapters.length > 0;
    if (alpha === undefined || alpha === 1 || !baseSession || context.kind === 'text')
      return undefined;
    if (!isAdapted && !this.levers.persona) return undefined;
    const base = await baseSession();
    base.clear(); // what was asked before must not be told from its cache
    const turns = turnsOf(context);
    const { speaker } = context;
    const prompt = isAdapted
      ? rendered.tokens
      : scenePrompt(model, { form, turns: turns.slice(rendered.dropped), speaker }).tokens;
    return new Contrast({ alpha, base, prompt });
  }

  /** A context as it fits the window with what is to come. */
  async #render(
    context: Context,
    room: number,
    signal?: AbortSignal,
    note?: string,
  ): Promise<Rendered> {
    const { model, session } = this.#options;
    if (context.kind === 'text') return this.#renderText(context.text, room);
    const { speaker, at } = context;
    const turns = turnsOf(context);
    const recalled = await this.#recall(turns, speaker, at, signal);
    const persona = this.levers.persona && speaker ? this.#castOf(speaker)?.persona : undefined;
    const scene = {
      form: this.#options.form,
      persona,
      at: at === undefined ? undefined : parsePlace(at),
      recalled,
      turns,
      speaker,
      note,
    };
    const prompt = scenePrompt(model, scene, session.window - room);
    return { ...prompt, prefix: prompt.tokens.subarray(0, prompt.prefixLength).join() };
  }

  #renderText(text: string, room: number): Rendered {
    const { model, session } = this.#options;
    const { addsStart, start } = model.info;
    const first = addsStart ? [start] : Array.from(model.tokenize('\n'));
    const all = [...first, ...model.tokenize(text)];
    return {
      tokens: Int32Array.from(all.slice(Math.max(0, all.length + room - session.window))),
      prefixLength: 0,
      turnFrom: undefined,
      prefix: '',
      dropped: 0,
      stop: [],
      continuation: (words) => model.tokenize(words),
    };
  }

  async #recall(
    turns: readonly SceneTurn[],
    speaker: string | undefined,
    at: string | undefined,
    signal?: AbortSignal,
  ): Promise<readonly Quotation[]> {
    const { memory } = this.#options;
    if (!this.levers.memory || !memory || !speaker) return [];
    const place = at === undefined ? undefined : parsePlace(at);
    return recallForTurn(memory, { turns, speaker, at: place }, signal);
  }

  #steeringOf(context: Context): Promise<Steering> {
    const on = steeredBy(this.levers);
    if (on.length === 0 || context.kind === 'text' || !context.speaker)
      return Promise.resolve(noSteering());
    const known = this.#steering.get(context.speaker);
    if (known !== undefined) return known;
    const character = this.#castOf(context.speaker)?.member;
    const { model, shown: play, making } = this.#options;
    const steering = character
      ? SteeringLevers.open({
          ...{ model, shown: () => play, character, on, making },
          ...strengthsOf(this.#options),
        })
      : Promise.resolve(noSteering());
    this.#steering.set(context.speaker, steering);
    return steering;
  }

  /** Undefined for somebody who is not in the play, such as "ALL". */
  #castOf(name: string): { persona: Persona; member: CastMember } | undefined {
    const known = this.#cast.get(name);
    if (known) return known;
    const { shown } = this.#options;
    if (!shown.cast.some((member) => member.name === name)) return undefined;
    const member = findCharacter(shown, name);
    const { template } = this.#options;
    const told = this.levers.prompt ? template : undefined;
    const made = { member, persona: personaOf(shown, member, told) };
    this.#cast.set(name, made);
    return made;
  }
}

/** A context that somebody speaks in. */
type Spoke = Exclude<Context, { readonly kind: 'text' }>;

function turnsOf(context: Spoke): readonly SceneTurn[] {
  return context.kind === 'scene' ? context.turns : [{ speaker: VISITOR, text: context.question }];
}

interface Reviewing {
  readonly request: TextRequest;
  readonly context: Spoke;
  readonly rendered: Rendered;
  readonly steering: Steering;
  speaking(asked: Asking, seed: number): Promise<ReturnType<typeof speak>>;
  readonly signal?: AbortSignal | undefined;
}

interface Scoring {
  /** Index of the request in its unit. */
  readonly at: number;
  readonly request: ScoreRequest;
  readonly rendered: Rendered;
}

const toEngine = ({ request, rendered }: Scoring) => ({
  prefix: rendered.tokens,
  continuations: request.continuations.map((text) => rendered.continuation(text)),
});

/** A bound on the tokens of a request's continuations: no token is shorter than a byte. */
function longest({ continuations }: ScoreRequest): number {
  return Math.min(400, Math.max(...continuations.map((text) => Buffer.byteLength(text) + 2)));
}

function scoreAnswer(rows: readonly Float32Array[]): ScoreAnswer {
  return {
    kind: 'score',
    nats: rows.map((row) => row.reduce((sum, nats) => sum + nats, 0)),
    tokens: rows.map((row) => row.length),
  };
}
