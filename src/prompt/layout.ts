import type { Persona, Quotation, Turn } from './prompt.ts';
import { templateFor } from './prompt.ts';
import { filled } from './prompt-template.ts';

/** Turns as one form writes them together: on a page each alone, in a chat those in a row by one side. */
export interface Message<T extends Turn = Turn> {
  /** Whether it is the speaker's own. */
  readonly isOwn: boolean;
  readonly speaker: string;
  readonly text: string;
  /** Turns that it is made of; at least one. */
  readonly turns: readonly T[];
}

/** What a prompt shows beside the turns. */
export interface Hints {
  /** The one that fits best first. */
  readonly recalled: readonly Quotation[];
  /** What was wrong with an answer that was struck out; empty if none was. */
  readonly note: string;
}

/** An own message in three parts, of which a training row teaches the second. */
export interface Answer {
  /** What a prompt ends with. */
  readonly opening: readonly number[];
  /** What the model writes: the words and what ends them. */
  readonly words: readonly number[];
  /** What stands between the end and the next message. */
  readonly rest: readonly number[];
}

/**
 * How one form writes a scene for one speaker, part by part: each part is tokenised on its own, so parts can be cached,
 * dropped and weighed.
 */
export interface Layout {
  /** Who the speaker is and how they speak: the same from turn to turn. */
  readonly prefix: readonly number[];
  /** Stands where the form wants somebody else to speak and nobody does. */
  readonly silence: Turn | undefined;
  /** Starts the speaker's turn; empty on a page where a label comes next. */
  readonly open: readonly number[];
  messages<T extends Turn>(turns: readonly T[]): Message<T>[];
  /** A message that has been said. */
  turn(message: Message): readonly number[];
  /** An own message as it is asked for. */
  answer(message: Message): Answer;
  /** Hints for the message that is answered: tokens before it, and its text with what goes into it. */
  ask(question: string, hints: Hints): { before: readonly number[]; question: string };
  /** Words after `open`. */
  continuation(text: string): Int32Array;
  /** @param answered Whose turn is answered, if anybody else has spoken. */
  stop(answered: string | undefined): readonly string[];
}

export function selfIntroduction(persona: Persona): string {
  const { displayName: name, role } = persona;
  return role === '' ? `I am ${name}.` : filled(templateFor(persona).introduction, { name, role });
}

/** A speech is one paragraph. */
export const paragraphEnd = '\n\n';
