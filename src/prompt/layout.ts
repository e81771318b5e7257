import type { Persona, Quotation, Turn } from './prompt.ts';

/** How one form writes the parts of a prompt; each part is tokenised on its own, so parts can be cached and dropped. */
export interface Layout {
  /** Who the character is and how they speak: the same from turn to turn. */
  readonly prefix: readonly number[];
  /** A turn that has been answered, or its answer. */
  turn(turn: Turn): readonly number[];
  /** What is recalled, the visitor's last words, and the start of the reply. */
  ask(question: string, recalled: readonly Quotation[]): readonly number[];
  readonly stop: readonly string[];
}

/** What the example exchanges and the script page ask first. */
export const firstQuestion = 'Who are you?';

/** How many exchanges from the play show how the character speaks: more help less than they cost. */
export const shownExchanges = 2;

export function selfIntroduction({ displayName, role }: Persona): string {
  return role === '' ? `I am ${displayName}.` : `I am ${displayName}, ${role}.`;
}

/** A speech is one paragraph. */
export const paragraphEnd = '\n\n';
