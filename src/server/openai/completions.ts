import { randomUUID } from 'node:crypto';
import { goOnTogether } from '../../actor/answer-together.ts';
import type { Session } from '../../engine/session/session.ts';
import type { TokenOdds } from '../../engine/session/token-odds.ts';
import { textPrompt } from '../../prompt/text-prompt.ts';
import { clientGone } from '../client-gone.ts';
import { Refusal } from '../failure.ts';
import type { App } from '../guarded-app.ts';
import type { Served } from '../served.ts';
import { drawingOf, finishOf, requireSupported } from './drawing.ts';
import { textOdds } from './odds.ts';
import { type CompletionBody, completionBody } from './schemas.ts';
import { countedAnswers, streamAnswers, usageOf, wholeAnswers } from './send-answers.ts';

/** Tokens of a text that is gone on with, where nobody says how many. */
const defaultMaxTokens = 16;

interface Choice {
  readonly text: string;
  readonly index: number;
  readonly logprobs: object | null;
  readonly finish_reason: string | null;
}

/** Texts that the model alone goes on with, or says how likely they are, as OpenAI's API has it. */
export function completionRoutes(app: App, served: Served): void {
  app.post(
    '/v1/completions',
    { schema: { summary: 'Goes on with a text', body: completionBody } },
    async (request, reply) => {
      const { body } = request;
      requireSupported(body);
      const { model: asked, n, echo } = body;
      const engine = await served.engine();
      if (asked !== engine.modelName)
        throw new Refusal(
          404,
          'model_not_found',
          `the model "${asked.slice(0, 100)}" goes on with no text`,
          {
            param: 'model',
            remedy: `Ask for "${engine.modelName}"; characters talk at /v1/chat/completions.`,
          },
        );
      const prompts = [body.prompt].flat();
      if (body.stream && (prompts.length > 1 || echo))
        throw new Refusal(400, 'invalid_value', 'only one text, without echo, is streamed', {
          param: 'stream',
        });
      const gone = clientGone(reply);
      const speakers = await served.speakers();
      using lease = await speakers.lease({ name: undefined, answers: n ?? 1, signal: gone });
      const writing = new TextWriting(body, lease.session);
      if (body.stream) {
        const drawn = goOnTogether(
          lease.session,
          writing.tokens(prompts[0]!),
          writing.options(gone),
        );
        const news = countedAnswers(served, drawn);
        await streamAnswers(served, reply, news, writing);
        return reply;
      }
      const choices: Choice[] = [];
      const usages = [];
      for (const prompt of prompts) {
        const { found, usage } = await writing.goOn(prompt, gone);
        usages.push(usage);
        for (const one of found) choices.push({ ...one, index: choices.length });
      }
      return writing.whole(choices, {
        prompt_tokens: sum(usages.map((one) => one.prompt_tokens)),
        completion_tokens: sum(usages.map((one) => one.completion_tokens)),
        total_tokens: sum(usages.map((one) => one.total_tokens)),
      });
    },
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Writes texts down as completions, whole or in chunks. */
class TextWriting {
  readonly #id = `cmpl-${randomUUID().replaceAll('-', '')}`;
  readonly #created = Math.floor(Date.now() / 1000);
  readonly #body: CompletionBody;
  readonly #session: Session;
  readonly #maxTokens: number;

  constructor(body: CompletionBody, session: Session) {
    this.#body = body;
    this.#session = session;
    this.#maxTokens = body.max_tokens ?? defaultMaxTokens;
  }

  tokens(text: string): Int32Array {
    return textPrompt(this.#session.model, text, Number.POSITIVE_INFINITY).tokens;
  }

  options(signal: AbortSignal) {
    const { logprobs } = this.#body;
    return {
      ...drawingOf(this.#body),
      maxTokens: this.#maxTokens,
      ...(typeof logprobs === 'number' && { odds: logprobs }),
      signal,
    };
  }

  async goOn(text: string, signal: AbortSignal) {
    const { echo, logprobs } = this.#body;
    const tokens = this.tokens(text);
    const isScored = typeof logprobs === 'number';
    const echoed = echo && isScored ? await this.#oddsOf(tokens, signal) : [];
    const { seeds } = this.options(signal);
    const answers = await wholeAnswers(
      goOnTogether(this.#session, tokens, { ...this.options(signal), seeds }),
      seeds.length,
    );
    const found = answers.texts.map((words, i) => ({
      text: echo ? text + words : words,
      logprobs: isScored
        ? textOdds(this.#session.model, [...echoed, ...answers.odds[i]!], echo ? 0 : text.length)
        : null,
      finish_reason: finishOf(answers.done[i]!.stop),
    }));
    const drawn = answers.done.map((one) => one.tokens);
    return { found, usage: usageOf(answers.read, drawn) };
  }

  /** How likely each token of a text is after those before it; the first comes after what begins every text. */
  async #oddsOf(tokens: Int32Array, signal: AbortSignal): Promise<readonly TokenOdds[]> {
    const [scores] = (
      await this.#session.scoreAll(
        [{ prefix: tokens.subarray(0, 1), continuations: [tokens.subarray(1)] }],
        signal,
      )
    ).scores;
    return Array.from(tokens.subarray(1), (token, i) => ({
      token,
      nats: scores![0]![i]!,
      top: [],
    }));
  }

  readonly of = (
    news: Parameters<Parameters<typeof streamAnswers>[3]['of']>[0],
  ): readonly object[] => {
    if (news.kind === 'read') return [];
    const { logprobs } = this.#body;
    const isText = news.kind === 'text';
    const odds =
      isText && typeof logprobs === 'number' ? textOdds(this.#session.model, news.odds, 0) : null;
    return [
      this.#object([
        {
          text: isText ? news.text : '',
          index: news.part,
          logprobs: odds,
          finish_reason: isText ? null : finishOf(news.stop),
        },
      ]),
    ];
  };

  get usage() {
    if (this.#body.stream_options?.include_usage !== true) return undefined;
    return (usage: object): object => ({ ...this.#object([]), usage });
  }

  whole(choices: readonly Choice[], usage: object): object {
    return { ...this.#object(choices), usage };
  }

  #object(choices: readonly Choice[]): object {
    const { model } = this.#body;
    return { id: this.#id, object: 'text_completion', created: this.#created, model, choices };
  }
}
