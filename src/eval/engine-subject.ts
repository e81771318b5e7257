import { SpokenText } from '../actor/spoken-text.ts';
import type { WornAdapter } from '../actor/wardrobe.ts';
import type { Model } from '../engine/model.ts';
import type { Session } from '../engine/session.ts';
import { Utf8Stream } from '../engine/text.ts';
import type { Memory } from '../memory/memory.ts';
import { recallApt } from '../memory/recall-apt.ts';
import { findCharacter } from '../play/find-character.ts';
import { parsePlace } from '../play/place.ts';
import type { CastMember, Play } from '../play/play.ts';
import { displayName } from '../prompt/display-name.ts';
import { personaOf } from '../prompt/persona.ts';
import type { Form, Persona, Quotation } from '../prompt/prompt.ts';
import { type ScenePrompt, scenePrompt, stranger } from '../prompt/scene-prompt.ts';
import { speechSampling } from '../prompt/speech-sampling.ts';
import { simpleSteering } from '../steer/simple.ts';
import { noSteering, type Steering } from '../steer/steering.ts';
import { type Levers, noUsage, type Subject, type Usage } from './subject.ts';
import type {
  Answer,
  Context,
  Request,
  SceneTurn,
  ScoreAnswer,
  ScoreRequest,
  TextAnswer,
  TextRequest,
} from './task.ts';

export interface EngineSubjectOptions {
  readonly model: Model;
  /** Stays the caller's to dispose of; nobody else may use it meanwhile. */
  readonly session: Session;
  /** What may be shown to the model: the play without the scenes that are held out. */
  readonly shown: Play;
  readonly form: Form;
  readonly levers: Levers;
  /** Worn while the adapter's lever is on; their effects add up. */
  readonly adapters?: readonly WornAdapter[] | undefined;
  /** Of `shown`. */
  readonly memory?: Memory | undefined;
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
  readonly #steering = new Map<string, Steering>();

  constructor(options: EngineSubjectOptions) {
    const { levers, adapters = [], memory } = options;
    this.#options = options;
    this.levers = {
      ...levers,
      adapter: levers.adapter && adapters.length > 0,
      memory: levers.memory && memory !== undefined,
    };
  }

  withLevers(levers: Levers): EngineSubject {
    return new EngineSubject({ ...this.#options, levers });
  }

  async answerUnit(
    requests: readonly Request[],
    signal?: AbortSignal,
  ): Promise<{ answers: Answer[]; usage: Usage }> {
    const { session, adapters = [] } = this.#options;
    session.setAdapters(this.levers.adapter ? adapters : []);
    const answers: Answer[] = new Array(requests.length);
    const counted = { ...noUsage, firstTokenMs: [] as number[] };
    const scoring = performance.now();
    for (const group of await this.#groups(requests, signal)) {
      counted.evaluatedTokens += await this.#hold(group[0]!.rendered, signal);
      const { scores, evaluated } = await session.scoreAll(group.map(toEngine), signal);
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
    if (session.isHeld(prefix)) return session.become(prefix, signal);
    session.clear();
    const evaluated = await session.become(prefix, signal);
    session.hold();
    return evaluated;
  }

  async #say(
    request: TextRequest,
    signal?: AbortSignal,
  ): Promise<{ answer: TextAnswer; evaluated: number; firstTokenMs: number; restMs: number }> {
    const { session, model } = this.#options;
    const start = performance.now();
    const { context, maxTokens, seed, temperature = speechSampling.temperature } = request;
    const rendered = await this.#render(context, maxTokens, signal);
    let evaluated = await this.#hold(rendered, signal);
    const steering = this.#steeringOf(context);
    const name = context.kind === 'text' ? undefined : context.speaker;
    const spoken = new SpokenText(name === undefined ? [] : [name, displayName(name)]);
    const raw = new Utf8Stream();
    const stop = context.kind === 'text' ? [] : [...rendered.stop, ...steering.stop];
    const generating = session.generate(rendered.tokens, {
      sampling: { ...speechSampling, temperature, seed },
      maxTokens,
      stop: [...new Set(stop)],
      bias: steering.bias,
      ...(signal && { signal }),
    });
    evaluated += rendered.tokens.length - rendered.prefixLength;
    let said = '';
    let tokens = 0;
    let firstAt = 0;
    for (;;) {
      const step = await generating.next();
      if (step.done) {
        spoken.end();
        const now = performance.now();
        return {
          answer: { kind: 'text', text: spoken.text, tokens, stop: step.value },
          evaluated,
          firstTokenMs: (firstAt || now) - start,
          restMs: now - (firstAt || now),
        };
      }
      spoken.push(step.value.text);
      if (step.value.token === undefined) continue;
      if (tokens++ === 0) firstAt = performance.now();
      said += raw.push(model.piece(step.value.token));
      const bias = steering.after(said, tokens);
      if (bias) session.bias(bias);
    }
  }

  /** The oldest turns are left out of a context that does not fit the window with what is to come. */
  async #render(context: Context, room: number, signal?: AbortSignal): Promise<Rendered> {
    const { model, session } = this.#options;
    if (context.kind === 'text') return this.#renderText(context.text, room);
    const { speaker, at } = context;
    const turns =
      context.kind === 'scene' ? context.turns : [{ speaker: stranger, text: context.question }];
    const recalled = await this.#recall(turns, speaker, at, signal);
    const persona = this.levers.persona && speaker ? this.#castOf(speaker)?.persona : undefined;
    const from = (first: number): ScenePrompt =>
      scenePrompt(model, {
        form: this.#options.form,
        persona,
        at: at === undefined ? undefined : parsePlace(at),
        recalled,
        turns: turns.slice(first),
        speaker,
      });
    const fits = ({ tokens }: ScenePrompt): boolean => tokens.length + room <= session.window;
    let prompt = from(0);
    if (!fits(prompt)) {
      let [dropped, kept] = [0, turns.length];
      while (kept - dropped > 1) {
        const middle = (dropped + kept) >> 1;
        if (fits(from(middle))) kept = middle;
        else dropped = middle;
      }
      prompt = from(kept);
    }
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
      prefix: '',
      stop: [],
      continuation: (words) => model.tokenize(words),
    };
  }

  /** Without a point in the story nothing is recalled: it could be the very words asked about. */
  async #recall(
    turns: readonly SceneTurn[],
    speaker: string | undefined,
    at: string | undefined,
    signal?: AbortSignal,
  ): Promise<readonly Quotation[]> {
    const { memory } = this.#options;
    const last = turns.at(-1);
    if (!this.levers.memory || !memory || !speaker || !last) return [];
    if (at === undefined && last.speaker !== stranger) return [];
    const before = at === undefined ? undefined : parsePlace(at);
    return recallApt(memory, last.text, { character: speaker, before, signal });
  }

  #steeringOf(context: Context): Steering {
    if (!this.levers.steering || context.kind === 'text' || !context.speaker) return noSteering();
    const known = this.#steering.get(context.speaker);
    if (known) return known;
    const member = this.#castOf(context.speaker)?.member;
    const { model, shown } = this.#options;
    const steering = member ? simpleSteering(model, shown, member) : noSteering();
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
    const made = { member, persona: personaOf(shown, member) };
    this.#cast.set(name, made);
    return made;
  }
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
