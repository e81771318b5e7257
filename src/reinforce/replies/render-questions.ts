import { type SubjectVoiceOptions, SubjectVoices } from '../../eval/subjects/subject-voices.ts';
import type { SceneTurn } from '../../eval/task.ts';
import { firstWords, lastWords } from '../../eval/turn-windows.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { words } from '../../play/words.ts';
import type { CriticPages, Judgeable } from './frozen-critic.ts';
import type { KindOfQuestion } from './reply-plan.ts';
import type { PrintedReply, ReplyQuestion } from './reply-questions.ts';

/** A question as a model is asked it, and how what is replied is judged. */
export interface WrittenQuestion extends KindOfQuestion {
  readonly pages: CriticPages;
}

/** Tokens of a page that are left for what stands after it. */
const room = 160;
/** Words of a question that a critic reads, from its end. */
const criticWords = 30;
/** Words of a printed speech that a critic reads, from its start: about as many as a reply may have. */
const originalWords = 45;
/** Other questions that a reply is not to fit. */
const elsewhere = 2;

/** Questions as tokens: with the persona for who is asked, and as a page of the play for the critics. */
export class QuestionWriter {
  readonly #options: SubjectVoiceOptions;
  readonly #voices: SubjectVoices;
  readonly #speaker: string;
  readonly #others: readonly string[];
  readonly #all: readonly ReplyQuestion[];

  /**
   * @param others Others of the play, whoever says most first: a reply is judged under the label of one of them, too.
   * @param all Questions among which those are drawn that a reply is not to fit.
   */
  constructor(
    options: SubjectVoiceOptions,
    {
      speaker,
      others,
      all,
    }: {
      readonly speaker: string;
      readonly others: readonly string[];
      readonly all: readonly ReplyQuestion[];
    },
  ) {
    this.#options = options;
    this.#voices = new SubjectVoices(options);
    this.#speaker = speaker;
    this.#others = others;
    this.#all = all;
  }

  /** @throws {DramatisError} WINDOW_EXCEEDED for a question that does not fit alone. */
  async write(
    question: ReplyQuestion,
    replyTokens: number,
    signal?: AbortSignal,
  ): Promise<WrittenQuestion> {
    const { context, asker, kind, ...asked } = question;
    const { prompt } = await this.#voices.render(context, replyTokens, 'off', signal);
    const { tokens, prefixLength, turnFrom, stop } = prompt;
    if (turnFrom === undefined) throw new RangeError(`nobody replies to ${asked.id}`);
    const shown = [this.#options.model.detokenize(tokens.subarray(0, turnFrom))];
    return {
      asked: { ...asked, shown },
      ...{ kind, tokens, prefixLength, turnFrom, stop },
      pages: await this.#pages(question, signal),
    };
  }

  /** What the character says in print, as a reply to what stands before it. */
  async original({ question, text }: PrintedReply, signal?: AbortSignal): Promise<Judgeable> {
    const start = firstWords(text, originalWords);
    return this.judgeable(question.id, await this.#pages(question, signal), start);
  }

  judgeable(key: string, pages: CriticPages, text: string): Judgeable {
    const tokens = words(text).length === 0 ? [] : this.#options.model.tokenize(` ${text}`);
    return {
      key,
      pages,
      tokens: Int32Array.from(tokens),
      bytes: Math.max(1, Buffer.byteLength(text)),
    };
  }

  async #pages(question: ReplyQuestion, signal?: AbortSignal): Promise<CriticPages> {
    const { id, asker } = question;
    const other = this.#others.find((name) => name !== asker) ?? this.#others[0];
    const random = prng(seedOf('elsewhere', id));
    const drawn = shuffled(
      this.#all.filter((one) => one.id !== id && one.question !== question.question),
      random,
    ).slice(0, elsewhere);
    const page = async (one: ReplyQuestion, speaker: string): Promise<Int32Array> => {
      const turns: SceneTurn[] = [
        { speaker: one.asker, text: lastWords(one.question, criticWords) },
      ];
      const context = { kind: 'scene', turns, speaker, isPage: true } as const;
      return (await this.#voices.render(context, room, 'off', signal)).prompt.tokens;
    };
    return {
      own: await page(question, this.#speaker),
      other: await page(question, other ?? this.#speaker),
      elsewhere: await Promise.all(drawn.map((one) => page({ ...one, asker }, this.#speaker))),
    };
  }
}
