import { questionText } from './chat-layout.ts';
import { displayName } from './display-name.ts';
import { templateOf } from './form.ts';
import { paragraphEnd } from './layout.ts';
import { tokensOf } from './piece-tokens.ts';
import type { PromptModel, Quotation } from './prompt.ts';
import { oneLine } from './quote.ts';
import {
  chatLine,
  chatMessage,
  chatPrefix,
  type SceneParts,
  scriptLabel,
  scriptPrefix,
  scriptSpeech,
  scriptWords,
  silence,
} from './scene-prompt.ts';
import { memories } from './script-layout.ts';
import type { ChatTemplate } from './templates.ts';

/** A turn of a row, with what each of its tokens weighs in the loss. */
export interface RowTurn {
  /** Cast name, or `stranger`. */
  readonly speaker: string;
  readonly text: string;
  /** 0 is context; less than 0 is to become less likely. Default: 1 for the speaker's own turns, 0 for others'. */
  readonly learn?: number | undefined;
}

/** A scene to learn from: what `scenePrompt` takes, with the words that answer it. */
export interface RowParts extends Omit<SceneParts, 'turns' | 'speaker' | 'recalled'> {
  /** For the last turn that is learnt alone: each question recalls something else. The one that fits best first. */
  readonly recalled?: readonly Quotation[];
  readonly turns: readonly RowTurn[];
  /** Cast name of who is learnt. */
  readonly speaker: string;
}

/** A sequence of tokens to train on. */
export interface SceneRow {
  readonly tokens: Int32Array;
  /** As many: what the prediction *of* each token weighs in the loss, 0 for context. */
  readonly weights: Float32Array;
  /** Of each learnt turn, in order: from what opens it (see `Prompt.turnFrom`) up to after its last learnt token. */
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
    learn: learnOf(turn, parts.speaker),
  }));
  const last = turns.findLastIndex(({ learn }) => learn !== 0);
  if (last < 0) throw new RangeError('no turn of the row is learnt');
  const row = { ...parts, turns: turns.slice(0, last + 1) };
  if (parts.form === 'script') return scriptRow(model, row);
  const template = templateOf(model);
  if (!template) throw new RangeError('the model has no chat template that is known');
  return chatRow(model, template, row);
}

/** What a turn weighs, told or not. */
export function learnOf({ speaker: label, learn }: RowTurn, speaker: string): number {
  return learn ?? (label === speaker ? 1 : 0);
}

type WeightedTurn = Required<RowTurn> & { readonly learn: number };
/** A row that ends with a learnt turn. */
type EndedRow = Omit<RowParts, 'turns'> & { readonly turns: readonly WeightedTurn[] };

function scriptRow(model: PromptModel, { persona, at, recalled = [], turns, speaker }: EndedRow) {
  const write = (text: string): number[] => Array.from(model.tokenize(text));
  const row = new RowWriter();
  row.add(scriptPrefix(model, persona, at), 0);
  const asking = Math.max(0, turns.length - 2);
  const question = turns.length > 1 ? turns[asking]!.text : '';
  turns.forEach((turn, i) => {
    if (i === asking && recalled.length > 0)
      row.add(
        write(memories({ name: speaker, template: persona?.template }, recalled, question)),
        0,
      );
    const whole = write(scriptSpeech(turn));
    if (turn.learn === 0) {
      row.add(whole, 0);
      return;
    }
    const label = write(scriptLabel(turn.speaker));
    // Never otherwise in the vocabularies we know, whose tokens do not join a full stop and a word.
    const isAsked = label.every((token, at) => token === whole[at]);
    row.learn(
      label,
      isAsked
        ? whole.slice(label.length)
        : [...write(scriptWords(turn.text)), ...write(paragraphEnd)],
      turn.learn,
    );
  });
  return row.done();
}

function chatRow(
  model: PromptModel,
  template: ChatTemplate,
  { persona, at, recalled = [], turns, speaker }: EndedRow,
): SceneRow {
  const row = new RowWriter();
  row.add(chatPrefix(model, template, persona, at), 0);
  const shown = persona ?? { displayName: displayName(speaker) };
  // A frame ends with a control token; what follows it is not written by the model.
  const [end, ...rest] = template.character.after;
  let heard: string[] = [];
  turns.forEach((turn, i) => {
    if (turn.speaker !== speaker) {
      if (turn.learn !== 0)
        throw new RangeError(`a chat teaches ${speaker}, but a turn of ${turn.speaker} is learnt`);
      heard.push(chatLine(turn));
      return;
    }
    const asked = heard.length > 0 ? heard.join('\n') : silence;
    heard = [];
    const quoted = i === turns.length - 1 ? recalled : [];
    row.add(chatMessage(model, template.visitor, questionText(shown, asked, quoted)), 0);
    if (turn.learn === 0) {
      row.add(chatMessage(model, template.character, oneLine(turn.text)), 0);
      return;
    }
    const ended = tokensOf(model, end === undefined ? [] : [end]);
    const words = model.tokenize(oneLine(turn.text));
    row.learn(tokensOf(model, template.open), [...words, ...ended], turn.learn);
    row.add(tokensOf(model, rest), 0);
  });
  return row.done();
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

  /** A turn: what opens it, and what is learnt. */
  learn(opening: Iterable<number>, tokens: Iterable<number>, weight: number): void {
    const begin = this.#tokens.length;
    this.add(opening, 0);
    this.add(tokens, weight);
    this.#learnt.push({ begin, end: this.#tokens.length });
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
