import type { Source } from '../corpus/source.ts';
import type { Metric } from '../measure/metric.ts';
import type { Answer, Item, Values, Why } from '../measure/row.ts';
import type { MemoryKind } from '../memory/recalled.ts';

export interface SceneTurn {
  /** Cast name, such as "LADY MACBETH". */
  readonly speaker: string;
  readonly text: string;
}

/** Lines of a play, from the place of the first to that of the last. */
export interface Span {
  readonly from: string;
  readonly end: string;
}

/**
 * What of the whole play stands before a question as recalled. Without it a subject recalls what it is shown of the play,
 * that is the train scenes.
 */
export type Memories =
  /** What the question brings to mind, as in a conversation. */
  | { readonly kind: 'own' }
  | { readonly kind: 'none' }
  /** The one memory of some lines that fits the question best. */
  | { readonly kind: 'of lines'; readonly of: MemoryKind; readonly spans: readonly Span[] }
  /** Facts that the speaker knows, drawn by lot: as many as a question brings to mind. */
  | { readonly kind: 'by lot'; readonly seed: number }
  /** What the question brings to the mind of another, of this cast name. */
  | { readonly kind: 'of another'; readonly character: string };

/** A visitor asks a character something. */
export interface QuestionContext {
  readonly kind: 'question';
  readonly speaker: string;
  readonly question: string;
  readonly at?: string | undefined;
  readonly memories?: Memories | undefined;
}

/** What stands before the words that are scored or written. */
export type Context =
  /**
   * A scene so far. It ends where `speaker` begins to speak, and the words of a continuation are theirs. Without a
   * speaker it ends where the next label is to come, and a continuation is a cast name.
   */
  | {
      readonly kind: 'scene';
      readonly turns: readonly SceneTurn[];
      readonly speaker?: string | undefined;
      /** The point in the story that persona and memory stand at. */
      readonly at?: string | undefined;
      /** Whether it is a page of the play and nothing else: in script form, without persona, memory and levers. */
      readonly isPage?: true;
    }
  | QuestionContext
  /** Text as it stands, with no persona, no memory and no labels. */
  | { readonly kind: 'text'; readonly text: string };

/** How likely each continuation is after the context. */
export interface ScoreRequest {
  readonly kind: 'score';
  readonly context: Context;
  /** At least one; none empty. */
  readonly continuations: readonly string[];
}

/** What the subject itself says after the context. */
export interface TextRequest {
  readonly kind: 'text';
  readonly context: Context;
  readonly seed: number;
  readonly maxTokens: number;
  /** 0 = always the likeliest. Default: as in a conversation. */
  readonly temperature?: number | undefined;
  /** Whether the answer tells what stood before it as recalled. */
  readonly tellsRecalled?: boolean | undefined;
}

/** What a question brings to mind, the one that fits best first: more of it than an answer is given. */
export interface RecallRequest {
  readonly kind: 'recall';
  readonly context: QuestionContext;
  /** Items of each kind at most. */
  readonly limit: number;
}

export type Request = ScoreRequest | TextRequest | RecallRequest;

/**
 * A row that stands beside the subject's and must, or should, come out in order.
 *
 * What takes an item is a method, here and in `Metric` and `Task`, so that one list can hold tasks of different items: who
 * runs a task gives it back its own items and no others.
 */
export interface Anchor<I extends Item = Item> {
  /** "original", "original, other half", "impostor", "shuffled", "empty", or a trivial baseline such as "ABA". */
  readonly name: string;
  /** Known without asking anyone. */
  values?(item: I): Values;
  /** Words taken for the subject's answers; measured as they are. */
  answers?(item: I): readonly Answer[];
  /** Asked of the subject in place of `Task.requests`. */
  requests?(item: I): readonly Request[];
}

/**
 * One thing that is measured: where its items come from, what is asked of a subject for each, and what the answers
 * are worth. Pure: nothing here reads a file, knows a model or draws at random without a seed.
 */
export interface Task<I extends Item = Item> {
  readonly name: string;
  /** Raised whenever the same play gives other items or the same answers other values. */
  readonly version: number;
  /** One line. */
  readonly summary: string;
  /** The one that counts first. */
  readonly metrics: readonly Metric<I>[];
  readonly anchors: readonly Anchor<I>[];
  /**
   * Anchors whose first metric must fall in this order, on any model: an invariant of the measure. Each pair is
   * "left is better than right".
   */
  readonly invariants: readonly (readonly [better: string, worse: string])[];
  /** Reads what measuring needs beside the play, such as a dictionary: awaited once before anything is measured. */
  readonly prepare?: (() => Promise<void>) | undefined;
  /** From all scenes of the play; who calls keeps those of one part. */
  items(source: Source): I[];
  /**
   * Whether it asks what is remembered of the whole play: then memory is on unless it is taken away, and no row is asked
   * without persona and memory, or of how well the bare model knows the text.
   */
  readonly isOfMemory?: boolean | undefined;
  /** Whether every context is a page of the play: then persona and memory change nothing, and no row is asked without them. */
  readonly isOfPages?: boolean | undefined;
  /** Items with the same unit are asked together, in order, from an empty cache. Default: eight in a row. */
  unitOf?(item: I): string;
  /** Empty for a task that reads only what is printed. */
  requests(item: I): readonly Request[];
  measure(item: I, answers: readonly Answer[]): Values;
  /** The values of an item in words, kept beside them; undefined where there is nothing to say. */
  explain?(item: I, answers: readonly Answer[]): Why | undefined;
  /** Who or what an item belongs to, where figures are told for each such group too. */
  groupOf?(item: I): string;
}
