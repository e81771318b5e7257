import type { Model } from '../engine/model.ts';
import type { Place } from '../play/play.ts';
import { type PromptTemplate, promptTemplate } from './prompt-template.ts';

/** How a model is asked: with its own chat template, or as the page of a play with speaker labels. */
export type Form = 'chat' | 'script';

/** One side's words in a conversation. */
export interface Turn {
  readonly speaker: 'visitor' | 'character';
  readonly text: string;
}

/** Something the character was asked in the play, and what they said: it shows how they speak. */
export interface Exchange {
  /** Cast name. */
  readonly asker: string;
  readonly cue: string;
  readonly reply: string;
}

/** Who the character is, in words for a prompt. */
export interface Persona {
  /** In which words it is told; the default template unless there is one. */
  readonly template?: PromptTemplate | undefined;
  /** Cast name, such as "LADY MACBETH". */
  readonly name: string;
  /** Such as "Lady Macbeth". */
  readonly displayName: string;
  readonly playTitle: string;
  /** What comes after "You are Hamlet, ": "prince of Denmark"; empty if nothing is known. */
  readonly role: string;
  /** "You are Hamlet, prince of Denmark. You grieve and doubt …" */
  readonly description: string;
  /** Sentences such as "Gertrude is your mother." */
  readonly relations: readonly string[];
  /** How things stand at a point of the story, in the character's own words; without one, at its end. May be empty. */
  situation(at?: Place): string;
  /** Exchanges from before a point of the story, the one that shows most first. */
  samples(at?: Place): readonly Exchange[];
}

/** A passage quoted as data; `Recalled` of src/memory is one. */
export interface Quotation {
  readonly speaker: string;
  readonly text: string;
}

export interface PromptParts {
  readonly persona: Persona;
  readonly at?: Place | undefined;
  /** The one that fits best first. */
  readonly recalled: readonly Quotation[];
  /** The last one is the visitor's. */
  readonly turns: readonly Turn[];
  readonly form: Form;
  /** What was wrong with an answer that was struck out. */
  readonly note?: string | undefined;
}

export interface Prompt {
  readonly tokens: Int32Array;
  /** Tokens at the start that stay the same from turn to turn and query to query: what is saved on disk. */
  readonly prefixLength: number;
  /**
   * Where the character's own turn begins: with what opens it, the label on a page or the head of a message in a chat, so
   * that an adapter made for own turns alone has a part in the first word, too. In training, chat and evaluation alike
   * such an adapter acts from here on, on what the model alone has read (Greenewald et al., "Activated LoRA", 2025).
   */
  readonly turnFrom: number;
  /** Texts at which the reply ends. */
  readonly stop: readonly string[];
  /** How many of the oldest turns were left out to keep the budget. */
  readonly dropped: number;
  readonly templateVersion: number;
  readonly form: Form;
}

/**
 * Of the default template. It is raised whenever the same parts give other tokens, in any form: an adapter trained with
 * one version is not what another asks for.
 */
export const templateVersion = promptTemplate().version;

/** The template a persona is told in. */
export function templateFor(persona: Pick<Persona, 'template'> | undefined): PromptTemplate {
  return persona?.template ?? promptTemplate();
}

/** What a prompt is made with: any `Model`. */
export type PromptModel = Pick<Model, 'tokenize' | 'special' | 'chatTemplate' | 'info'>;
