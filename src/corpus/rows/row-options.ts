import { hash32 } from '../../store/sha256.ts';
import type { RowKind, ShownBlocks } from './training-row.ts';

/** How the training data of a character is shaped. Everything that is drawn is drawn from `seed`. */
export interface RowOptions {
  readonly kinds: readonly RowKind[];
  /** Words of a `scene` row; one speech that is longer is a row all the same. About 1.4 tokens each. */
  readonly words: number;
  /** Words before the first answer of a row: the nearest turns, the nearest cut at its start if it is longer. */
  readonly contextWords: number;
  /**
   * Whether `scene` rows have what the others say. Without them a character cannot learn to answer, but half of a
   * window is not spent on words that teach nothing.
   */
  readonly otherSpeakers: boolean;
  /**
   * Whether what happens on stage stands in brackets in the turns of the others: speeches often answer what was done
   * and not what was said. Never in what is learnt: a character does not speak brackets.
   */
  readonly directions: boolean;
  /**
   * Weight of replies of under 12 words; others weigh 1. A loss over tokens is made by soliloquies, a conversation by
   * short replies.
   */
  readonly shortReplies: number;
  /** How likely a block is left out of a row: each may be absent at run time. */
  readonly drops: Readonly<Record<keyof ShownBlocks, number>>;
  readonly seed: number;
  /**
   * Rows for everybody who speaks, not the character alone: for the play's own adapter, which leaves to a
   * character's what is the character's.
   */
  readonly everyone: boolean;
  /**
   * How much more they weigh who say little, of rows for everybody: 0 all words alike, 1 all characters alike, but
   * nobody's words more than four times, or less than a quarter of, the usual. An adapter of a play is else its hero's.
   */
  readonly balance: number;
  /** What the words of another weigh, below nothing, in `contrast` and `mislabelled` rows: less than what is to be said. */
  readonly contrast: number;
}

/** The plain recipe: scene-packed, all of it in the order of the play, some blocks left out now and then. */
export const rowDefaults: RowOptions = {
  kinds: ['scene'],
  words: 320,
  contextWords: 60,
  otherSpeakers: true,
  directions: false,
  shortReplies: 1,
  drops: { persona: 0.25, memory: 0.5, directions: 0.5 },
  seed: 1,
  everyone: false,
  balance: 0,
  contrast: 0.25,
};

/** Options of which any may be left out. */
export type RowRequest = { readonly [Name in keyof RowOptions]?: RowOptions[Name] | undefined };

/** What is asked for; the plain recipe for what is not. Other fields of the request are left out. */
export function rowOptions(request: RowRequest): RowOptions {
  const asked = (Object.keys(rowDefaults) as (keyof RowOptions)[])
    .filter((name) => request[name] !== undefined)
    .map((name) => [name, request[name]]);
  return { ...rowDefaults, ...Object.fromEntries(asked) };
}

/** A reply of fewer words is a short one. */
export const shortWords = 12;

/**
 * A number in [0, 1) that follows from a seed and names alone, such as those of a row and a block of it: a row stays what
 * it is when others come or go.
 */
export function hashFraction(seed: number, ...parts: readonly string[]): number {
  return hash32(JSON.stringify([seed, ...parts])) / 2 ** 32;
}

/** Which blocks a row is shown with: drawn for the parts. */
export function drawShown(
  { drops, directions, seed }: RowOptions,
  ...parts: readonly string[]
): ShownBlocks {
  const isKept = (block: keyof ShownBlocks): boolean =>
    hashFraction(seed, block, ...parts) >= drops[block];
  return {
    persona: isKept('persona'),
    memory: isKept('memory'),
    directions: directions && isKept('directions'),
  };
}
