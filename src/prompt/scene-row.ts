import type { Answer, Layout } from './layout.ts';
import type { PromptModel, Quotation, SceneParts, Turn } from './prompt.ts';
import { layoutFor, walk } from './scene-prompt.ts';

/** A turn of a row, with what each of its tokens weighs in the loss. */
export interface RowTurn extends Turn {
  /** 0 is context; less than 0 is to become less likely. Default: 1 for the speaker's own turns, 0 for others'. */
  readonly lossWeight?: number | undefined;
}

/** A scene to learn from: what `scenePrompt` takes, with the words that answer it. */
export interface RowParts extends Omit<SceneParts, 'turns' | 'speaker' | 'recalled' | 'note'> {
  /** For the last turn that is learnt alone: each question recalls something else. The one that fits best first. */
  readonly recalled?: readonly Quotation[] | undefined;
  readonly turns: readonly RowTurn[];
  /** Cast name of who is learnt. */
  readonly speaker: string;
}

/** A sequence of tokens to train on. */
export interface SceneRow {
  readonly tokens: Int32Array;
  /** Weight in the loss of the prediction of each token, 0 for context. */
  readonly weights: Float32Array;
  /** Span of each learnt turn, in order: from what opens it (see `ScenePrompt.turnFrom`) up to after its last learnt token. */
  readonly learnt: readonly TokenSpan[];
}

/** Tokens of a row from `begin` up to `end`. */
export interface TokenSpan {
  readonly begin: number;
  readonly end: number;
}

/**
 * A scene with its answers as tokens: what is trained is what `scenePrompt` asks, token for token.
 *
 * Before each learnt turn stand the tokens of the prompt that asks for it, then come those of its `continuation` and
 * what ends a turn: on a page the end of the paragraph, in a chat the template's end-of-turn token. Nothing follows
 * the last learnt turn. This does not hold to the letter where one sequence cannot be what several prompts are:
 *
 * - A vocabulary may have one token for a full stop and the line ends after it. The page then has that token, as it
 *   has in every prompt that shows the turn, and as a model writes it.
 * - A template may open an answer with more than it shows of an answer given (the empty thought of Qwen3). Every
 *   learnt turn is opened as it is asked for, so the answers before it have what a prompt would no longer show.
 * - Two learnt turns in a row are one message in the prompts after them; here each is asked for on its own.
 *
 * @throws {RangeError} If nothing is learnt, if a chat is to teach another's turn, or the model has no known template.
 */
export function sceneRow(model: PromptModel, parts: RowParts): SceneRow {
  const turns = parts.turns.map((turn) => ({
    speaker: turn.speaker,
    text: turn.text,
    lossWeight: lossWeightOf(turn, parts.speaker),
  }));
  const last = turns.findLastIndex(({ lossWeight }) => lossWeight !== 0);
  if (last < 0) throw new RangeError('no turn of the row is learnt');
  const layout = layoutFor(model, parts);
  const messages = layout.messages(askedOneByOne(layout, turns.slice(0, last + 1), parts.speaker));
  const hints = { recalled: parts.recalled ?? [], note: '' };
  const row = new RowWriter();
  // The last message is the answer; the one before it is answered.
  for (const step of walk(layout, messages, hints, messages.length - 2)) {
    const weight = step.message?.turns.find(({ lossWeight }) => lossWeight !== 0)?.lossWeight;
    if (!step.message) row.add(step.tokens, 0);
    else if (weight === undefined) row.add(layout.turn(step.message), 0);
    else row.learn(layout.answer(step.message), weight);
  }
  return row.done();
}

/** What a turn weighs: as it says, else as its speaker is learnt or not. */
export function lossWeightOf({ speaker: label, lossWeight }: RowTurn, speaker: string): number {
  return lossWeight ?? (label === speaker ? 1 : 0);
}

type WeightedTurn = RowTurn & { readonly lossWeight: number };

/** Each of the speaker's turns comes after somebody else's, if it is silence that they say. */
function askedOneByOne(
  { silence }: Layout,
  turns: readonly WeightedTurn[],
  speaker: string,
): readonly WeightedTurn[] {
  if (!silence) return turns;
  const isOwn = (turn: WeightedTurn | undefined): boolean => !turn || turn.speaker === speaker;
  return turns.flatMap((turn, i) =>
    isOwn(turn) && isOwn(turns[i - 1]) ? [{ ...silence, lossWeight: 0 }, turn] : [turn],
  );
}

/** Tokens and their weights, up to the last token that is learnt. */
class RowWriter {
  readonly #tokens: number[] = [];
  readonly #weights: number[] = [];
  readonly #learnt: TokenSpan[] = [];

  add(tokens: Iterable<number>, weight: number): void {
    for (const token of tokens) {
      this.#tokens.push(token);
      this.#weights.push(weight);
    }
  }

  /** A learnt turn: what opens it, its words, and what stands before the next. */
  learn({ opening, words, rest }: Answer, weight: number): void {
    const begin = this.#tokens.length;
    this.add(opening, 0);
    this.add(words, weight);
    this.#learnt.push({ begin, end: this.#tokens.length });
    this.add(rest, 0);
  }

  done(): SceneRow {
    const length = this.#weights.findLastIndex((weight) => weight !== 0) + 1;
    return {
      tokens: Int32Array.from(this.#tokens.slice(0, length)),
      weights: Float32Array.from(this.#weights.slice(0, length)),
      learnt: this.#learnt,
    };
  }
}
