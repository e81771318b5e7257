import { type Persona, type Quotation, type Turn, templateFor } from './prompt.ts';
import { filled } from './prompt-template.ts';

/** How one form writes the parts of a prompt; each part is tokenised on its own, so parts can be cached and dropped. */
export interface Layout {
  /** Who the character is and how they speak: the same from turn to turn. */
  readonly prefix: readonly number[];
  /** A turn that has been answered, or its answer. */
  turn(turn: Turn): readonly number[];
  /** What is recalled, the visitor's last words, what is to be better, and the start of the reply. */
  ask(question: string, recalled: readonly Quotation[], note?: string): readonly number[];
  /** The start of the reply: what `ask` ends with. */
  readonly opening: readonly number[];
  readonly stop: readonly string[];
}

export function selfIntroduction(persona: Persona): string {
  const { displayName: name, role } = persona;
  return role === '' ? `I am ${name}.` : filled(templateFor(persona).introduction, { name, role });
}

/** A speech is one paragraph. */
export const paragraphEnd = '\n\n';
