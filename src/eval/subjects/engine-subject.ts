import { spoken } from '../../actor/speak.ts';
import type { Model } from '../../engine/model.ts';
import { applyForTurn, isForTurns } from '../../engine/session/apply-for-turn.ts';
import type { Session } from '../../engine/session/session.ts';
import type { Answer, RecallAnswer, ScoreAnswer, TextAnswer } from '../../measure/row.ts';
import { type Components, noUsage, type Subject, type Usage } from '../subject.ts';
import type { Context, RecallRequest, Request, ScoreRequest, TextRequest } from '../task.ts';
import { deepRecollection, type RememberedPlay } from './recollection-of.ts';
import { type Rendered, type SubjectVoiceOptions, SubjectVoices } from './subject-voices.ts';

export interface EngineSubjectOptions extends SubjectVoiceOptions {
  /** Opens what questions that say what is remembered are asked of: the scenes that are held out are in it, too. */
  readonly remembered?: (() => Promise<RememberedPlay>) | undefined;
  /** Whether what steers also bends what is scored, token by token, and not only what is said: see `scoreSteered`. Off by default. */
  readonly steersScores?: boolean | undefined;
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

/** A model of our own engine: voices on one session under the policy `exact`, the same bits for the same unit. */
export class EngineSubject implements Subject {
  readonly levers: Components;
  readonly #options: EngineSubjectOptions;
  readonly #voices: SubjectVoices;
  /** Those that questions about the whole play are asked of. */
  #remembering: Promise<SubjectVoices> | undefined;

  constructor(options: EngineSubjectOptions) {
    const { levers, adapters = [], memory, remembered, template } = options;
    this.#options = options;
    this.levers = {
      ...levers,
      adapter: levers.adapter && adapters.length > 0,
      memory: levers.memory && (memory !== undefined || remembered !== undefined),
      prompt: levers.prompt && template !== undefined,
    };
    this.#voices = new SubjectVoices({ ...options, levers: this.levers });
  }

  withComponents(levers: Components): EngineSubject {
    return new EngineSubject({ ...this.#options, levers });
  }

  async answerUnit(
    requests: readonly Request[],
    signal?: AbortSignal,
  ): Promise<{ answers: Answer[]; usage: Usage }> {
    const answers: Answer[] = new Array(requests.length);
    const counted = { ...noUsage, firstTokenMs: [] as number[] };
    applyForTurn(this.#options.session, this.#voices.adapters, undefined);
    const scoring = performance.now();
    for (const group of await this.#groups(requests, signal)) {
      counted.evaluatedTokens += await this.#startFrom(group[0]!.rendered, signal);
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
      if (request.kind === 'recall') answers[at] = await this.#recall(request, signal);
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

  /** Score requests in the order given, those with the same persona together. */
  async #groups(requests: readonly Request[], signal?: AbortSignal): Promise<Scoring[][]> {
    const steering = this.#options.steersScores ? 'on' : 'off';
    const groups = new Map<string, Scoring[]>();
    for (const [at, request] of requests.entries()) {
      if (request.kind !== 'score') continue;
      const voices = await this.#voicesFor(request.context);
      const rendered = await voices.render(request.context, roomFor(request), steering, signal);
      const { tokens, prefixLength } = rendered.prompt;
      const prefix = tokens.subarray(0, prefixLength).join();
      const group = groups.get(prefix);
      if (group) group.push({ at, request, rendered });
      else groups.set(prefix, [{ at, request, rendered }]);
    }
    return [...groups.values()];
  }

  /**
   * Leaves nothing in the cache but the persona's prefix, evaluated as it always is: alone, from empty.
   *
   * @returns Tokens evaluated.
   */
  #startFrom({ prompt }: Rendered, signal?: AbortSignal): Promise<number> {
    const prefix = prompt.tokens.subarray(0, prompt.prefixLength);
    return this.#options.session.startFrom(prefix, 'exact', signal);
  }

  /** In one batch where the adapters act on everything alike; one request after another where each is read otherwise. */
  async #scoreGroup(
    group: readonly Scoring[],
    signal?: AbortSignal,
  ): Promise<{ scores: readonly (readonly Float32Array[])[]; evaluated: number }> {
    const { session, steersScores = false } = this.#options;
    const { context } = group[0]!.request;
    // Also where no lever is on: what is compared with it is read token by token, which gives other last bits.
    const isSteered = steersScores && context.kind !== 'text' && context.speaker !== undefined;
    if (!isSteered && !this.#voices.adapters.some(isForTurns))
      return session.scoreAll(group.map(toEngine), signal);
    const scores: (readonly Float32Array[])[] = [];
    let evaluated = 0;
    for (const { request, rendered } of group) {
      const { voice, prompt } = rendered;
      const found = isSteered
        ? await voice.scoreSteered(prompt, request.continuations, signal)
        : await voice.score(prompt, request.continuations, signal);
      scores.push(found.scores);
      evaluated += found.evaluated;
    }
    return { scores, evaluated };
  }

  /** The train scenes' voices, or the whole play's where a question says what of it is remembered. */
  async #voicesFor(context: Context): Promise<SubjectVoices> {
    const { remembered } = this.#options;
    if (context.kind !== 'question' || !context.memories || !remembered) return this.#voices;
    this.#remembering ??= remembered().then(
      ({ play, memory }) =>
        new SubjectVoices({ ...this.#options, levers: this.levers, shown: play, memory }),
    );
    return this.#remembering;
  }

  async #recall(request: RecallRequest, signal?: AbortSignal): Promise<RecallAnswer> {
    const { remembered } = this.#options;
    if (!this.levers.memory || !remembered) return { kind: 'recall', items: [] };
    const { memory } = await remembered();
    return { kind: 'recall', ...(await deepRecollection(request, memory, signal)) };
  }

  async #say(
    request: TextRequest,
    signal?: AbortSignal,
  ): Promise<{ answer: TextAnswer; evaluated: number; firstTokenMs: number; restMs: number }> {
    const start = performance.now();
    const { context, maxTokens, seed, temperature } = request;
    const voices = await this.#voicesFor(context);
    const rendered = await voices.render(context, maxTokens, 'on', signal);
    const { voice, prompt, recollection } = rendered;
    const started = await this.#startFrom(rendered, signal);
    const evaluated = started + prompt.tokens.length - prompt.prefixLength;
    const sampling = temperature === undefined ? undefined : { temperature };
    const drawing = { seed, maxTokens, sampling };
    const drafts = voices.draftsOf(rendered, drawing);
    const said = drafts
      ? (await voice.draft(drafts, signal)).draft
      : await spoken(voice.speak(prompt, drawing, signal));
    const { text, tokens, stop } = said;
    const now = performance.now();
    return {
      answer: {
        kind: 'text',
        text,
        tokens: tokens.length,
        stop,
        ...(request.tellsRecalled && { recalled: recollection }),
      },
      evaluated,
      // Whoever waits for the best of several drafts waits for all of them.
      firstTokenMs: (drafts ? now : said.firstAt) - start,
      restMs: now - (drafts ? start : said.firstAt),
    };
  }
}

interface Scoring {
  /** Index of the request in its unit. */
  readonly at: number;
  readonly request: ScoreRequest;
  readonly rendered: Rendered;
}

const toEngine = ({ request, rendered: { prompt } }: Scoring) => ({
  prefix: prompt.tokens,
  continuations: request.continuations.map((text) => prompt.continuation(text)),
});

/** A bound on the tokens of a request's continuations: no token is shorter than a byte. */
export function roomFor({ continuations }: ScoreRequest): number {
  return Math.min(400, Math.max(...continuations.map((text) => Buffer.byteLength(text) + 2)));
}

function scoreAnswer(rows: readonly Float32Array[]): ScoreAnswer {
  return {
    kind: 'score',
    nats: rows.map((row) => row.reduce((sum, nats) => sum + nats, 0)),
    tokens: rows.map((row) => row.length),
  };
}
