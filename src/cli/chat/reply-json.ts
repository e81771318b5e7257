import type { Reply } from '../../actor/reply.ts';

/** What a reply is to, and what the command line named. */
export interface ReplyContext {
  /** Cast name. */
  readonly character: string;
  /** Catalogue id of the play, or its file's name. */
  readonly play: string;
  /** The model as given with --model. */
  readonly model: string;
  readonly form: string;
  /** The visitor's words that are answered. */
  readonly said: string;
}

/**
 * A reply as `--json` prints it.
 *
 * @param firstTokenMs Counted from the start of the process for `--say`, from the question in a longer
 *   conversation; `answerMs` is always from the question.
 */
export function replyJson(context: ReplyContext, reply: Reply, firstTokenMs: number) {
  const { tokens, promptTokens, reusedTokens, droppedTurns, recalled, seed, stop } = reply;
  const { sources, adapters, costs, reflection } = reply;
  return {
    ...context,
    reply: reply.reply,
    tokens,
    tokensPerSecond: rounded(reply.tokensPerSecond),
    promptTokens,
    reusedTokens,
    droppedTurns,
    firstTokenMs: rounded(firstTokenMs),
    answerMs: rounded(reply.firstTokenMs),
    recalled,
    sources,
    seed,
    stop,
    adapters,
    ...(costs.length > 0 && { costs: costs.map((cost) => ({ ...cost, ms: rounded(cost.ms) })) }),
    ...(reflection && { reflection }),
  };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
