import { SpokenText } from '../../../actor/spoken-text.ts';
import type { Answer, RecallAnswer, TextAnswer } from '../../../measure/row.ts';
import { displayName } from '../../../play/cast/display-name.ts';
import { speechSampling } from '../../../prompt/speech-sampling.ts';
import { type Components, noComponents, type Subject, type Usage } from '../../subject.ts';
import type { RecallRequest, Request, TextRequest } from '../../task.ts';
import { deepRecollection } from '../recollection-of.ts';
import { readCompletion } from './completion.ts';
import { ask, type Endpoint, endpointAt } from './connection.ts';
import { type PageSource, pageOf } from './page.ts';
import { findScorer } from './probe.ts';
import type { ScoreQuestion, Scorer } from './scorer.ts';
import { findServedModel, type ServedModel } from './served-model.ts';

export interface EndpointOptions extends Partial<Omit<Endpoint, 'url'>> {
  readonly url: string;
  /** Name of the model on the server; may be left out where it has one only. */
  readonly model?: string | undefined;
  readonly source: PageSource;
  /** The adapter and steering are our engine's: they stay off. */
  readonly levers: Pick<Components, 'persona' | 'memory'>;
  readonly signal?: AbortSignal | undefined;
}

/** What was found out about a server when it was first asked. */
export interface Served {
  readonly endpoint: Endpoint;
  readonly model: ServedModel;
  readonly scorer: Scorer;
}

/**
 * A model behind an OpenAI-compatible server, so that other engines are measured with the same items.
 *
 * Pages go as plain text in script form. What in them looks like a control token is the server's to read, unlike
 * in our own engine, and how a reply is drawn beyond temperature and seed is the server's own.
 */
export class EndpointSubject implements Subject {
  readonly levers: Components;
  readonly served: Served;
  readonly #source: PageSource;
  /** With memory on though there may be none yet. */
  readonly #asked: Pick<Components, 'persona' | 'memory'>;

  private constructor(
    served: Served,
    source: PageSource,
    levers: Pick<Components, 'persona' | 'memory'>,
  ) {
    const { memory: own, remembered } = source;
    const memory = levers.memory && (own !== undefined || remembered !== undefined);
    this.served = served;
    this.#source = source;
    this.#asked = levers;
    this.levers = { ...noComponents, persona: levers.persona, memory };
  }

  /**
   * Asks the server what it has and how it scores text, once. The key of OPENAI_API_KEY is sent along if there
   * is one.
   *
   * @throws {DramatisError} USAGE, MODEL_UNKNOWN; FETCH_FAILED if it is not there or cannot score text.
   */
  static async open(options: EndpointOptions): Promise<EndpointSubject> {
    const { url, model: wanted, source, levers, signal, ...rest } = options;
    const endpoint = endpointAt(url, { apiKey: process.env.OPENAI_API_KEY || undefined, ...rest });
    const model = await findServedModel(endpoint, wanted, signal);
    const scorer = await findScorer(endpoint, model.name, signal);
    return new EndpointSubject({ endpoint, model, scorer }, source, levers);
  }

  withComponents(levers: Components): EndpointSubject {
    return new EndpointSubject(this.served, this.#source, levers);
  }

  /** A subject of the same served model on another play or part; the server is not asked again what it can do. */
  withSource(source: PageSource): EndpointSubject {
    return new EndpointSubject(this.served, source, this.#asked);
  }

  async answerUnit(
    requests: readonly Request[],
    signal?: AbortSignal,
  ): Promise<{ answers: Answer[]; usage: Usage }> {
    const start = performance.now();
    const questions = new Map<Request, ScoreQuestion>();
    for (const request of requests) {
      if (request.kind !== 'score') continue;
      const { text, continuation } = await pageOf(
        request.context,
        this.#source,
        this.levers,
        signal,
      );
      questions.set(request, {
        page: text,
        continuations: request.continuations.map(continuation),
      });
    }
    const scores = await this.served.scorer.score([...questions.values()], signal);
    const scored = new Map([...questions.keys()].map((key, i) => [key, scores.answers[i]!]));
    const scoredAt = performance.now();
    const { evaluatedTokens } = scores;
    let readTokens = 0;
    let generatedTokens = 0;
    const answers: Answer[] = [];
    for (const request of requests) {
      if (request.kind === 'score') {
        answers.push(scored.get(request)!);
        continue;
      }
      if (request.kind === 'recall') {
        answers.push(await this.#recall(request, signal));
        continue;
      }
      const { answer, promptTokens } = await this.#say(request, signal);
      answers.push(answer);
      readTokens += promptTokens;
      generatedTokens += answer.tokens;
    }
    const usage: Usage = {
      evaluatedTokens,
      readTokens,
      scoredTokens: scores.answers.flatMap(({ tokens }) => tokens).reduce((sum, n) => sum + n, 0),
      generatedTokens,
      scoreMs: scoredAt - start,
      // With the pages read before: the server tells the whole answer at once.
      generateMs: performance.now() - scoredAt,
      firstTokenMs: [],
    };
    return { answers, usage };
  }

  async #recall(request: RecallRequest, signal?: AbortSignal): Promise<RecallAnswer> {
    const { remembered } = this.#source;
    if (!this.levers.memory || !remembered) return { kind: 'recall', items: [] };
    const { memory } = await remembered();
    return { kind: 'recall', ...(await deepRecollection(request, memory, signal)) };
  }

  async #say(
    request: TextRequest,
    signal: AbortSignal | undefined,
  ): Promise<{ answer: TextAnswer; promptTokens: number }> {
    const { context, maxTokens, seed, temperature = speechSampling.temperature } = request;
    const { endpoint, model } = this.served;
    const page = await pageOf(context, this.#source, this.levers, signal);
    const body = {
      model: model.name,
      prompt: page.text,
      max_tokens: maxTokens,
      temperature,
      seed,
      ...(page.stop.length > 0 && { stop: page.stop }),
    };
    const reply = await ask(endpoint, { path: '/completions', body, signal });
    const { choices, promptTokens, completionTokens } = readCompletion(reply, endpoint);
    const { text, finish } = choices[0]!;
    const name = context.kind === 'text' ? undefined : context.speaker;
    const spoken = new SpokenText(name === undefined ? [] : [name, displayName(name)]);
    spoken.push(text);
    spoken.end();
    const stop = finish === 'length' ? 'length' : 'end';
    return {
      answer: {
        kind: 'text',
        text: spoken.text,
        tokens: completionTokens,
        stop,
        ...(request.tellsRecalled && { recalled: page.recollection }),
      },
      promptTokens,
    };
  }
}
