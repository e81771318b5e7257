import type { Model } from '../engine/model.ts';
import type { Place } from '../play/play.ts';
import type { Tongue } from '../play/tongue.ts';
import { type PromptTemplate, promptTemplate } from './prompt-template.ts';

/** How a model is asked: with its own chat template, or as the page of a play with speaker labels. */
export type Form = 'chat' | 'script';

/** The name of whoever asks and is nobody of the cast: the speaker of their turns, and their label on a page. */
export const VISITOR = 'VISITOR';

/** What somebody says: in a conversation, in a scene of the play and in a training row alike. */
export interface Turn {
  /** Cast name, such as "LADY MACBETH", or `VISITOR`. */
  readonly speaker: string;
  readonly text: string;
  /** What stands in brackets before the words, as in print: "To Ophelia", "Aside". */
  readonly manner?: string | undefined;
}

/** What happens between two turns, in words that nobody says, without brackets: "Enter Ophelia." */
export interface DirectionLine {
  readonly speaker?: undefined;
  readonly text: string;
  readonly manner?: undefined;
}

/** A line of a scene as a prompt shows it. */
export type SceneLine = Turn | DirectionLine;

/** Something the character was asked in the play, and what they said: it shows how they speak. */
export interface Exchange {
  /** Cast name. */
  readonly asker: string;
  readonly cue: string;
  readonly reply: string;
}

/** Who somebody is to the character, told in the first person. */
export interface Relation {
  /** Such as "Claudius". */
  readonly name: string;
  /** How the character names the person when it tells of them: "my uncle Claudius", "my father", "Ophelia". */
  readonly named: string;
  /** What the character calls the person, without the name: "my uncle"; empty if nothing but the name. */
  readonly call: string;
  /** What else the person is: "now king and my mother's husband"; may be empty. */
  readonly more: string;
  /** "Claudius is my uncle, now king and my mother's husband."; empty if there is nothing to tell. */
  readonly sentence: string;
  /** Whether it is one of the few that prompts tell. */
  readonly isMain: boolean;
}

/** How the character speaks to somebody's face. */
export interface Address {
  /** Such as "Horatio". */
  readonly name: string;
  /** "good Horatio"; empty if the play shows no habit. */
  readonly call: string;
  readonly form: 'thou' | 'you' | undefined;
}

/** What moves the character at a point of the story, a sentence each; empty where nothing is known. */
export interface Drives {
  readonly want: string;
  readonly love: string;
  readonly hate: string;
  readonly fear: string;
  readonly serve: string;
}

/** Who the character is in its own words, all in the first person. */
export interface OwnWords {
  /** What comes after "I am Hamlet, "; empty if nothing is known. */
  readonly role: string;
  readonly relations: readonly Relation[];
  readonly addresses: readonly Address[];
  /** Whom the character speaks with most, three at most: "Claudius". */
  readonly companions: readonly string[];
  drives(at?: Place): Drives;
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
  /** What the character speaks; the English of Shakespeare's time where nothing is said. */
  readonly tongue?: Tongue | undefined;
  /** What comes after "You are Hamlet, ": "prince of Denmark"; empty if nothing is known. */
  readonly role: string;
  /** "You are Hamlet, prince of Denmark. You grieve and doubt …" */
  readonly description: string;
  /** Sentences such as "Gertrude is your mother." */
  readonly relations: readonly string[];
  /** The character's card; none in what is written for tests. */
  readonly own?: OwnWords | undefined;
  /** How things stand at a point of the story, in the character's own words; without one, at its end. May be empty. */
  situation(at?: Place): string;
  /** Exchanges from before a point of the story, the one that shows most first. */
  samples(at?: Place): readonly Exchange[];
}

/** A passage quoted as data; `Recalled` of src/memory is one. */
export interface Quotation {
  /** Undefined for what nobody said: a fact, or an exchange with labels of its own. */
  readonly speaker?: string | undefined;
  readonly text: string;
}

/** What a model is asked to go on with: a scene so far, in which any number of people speak. A conversation is one, too. */
export interface SceneParts {
  readonly form: Form;
  /** Who the speaker is; without it nothing is said of them. */
  readonly persona?: Persona | undefined;
  readonly at?: Place | undefined;
  /** Whether a visitor asks, and is answered from what is recalled: then questions are shown as answered before. */
  readonly isAsked?: boolean | undefined;
  /** The one that fits best first. */
  readonly recalled?: readonly Quotation[] | undefined;
  readonly turns: readonly SceneLine[];
  /** Cast name of whose words come next; without one, a label comes next. */
  readonly speaker?: string | undefined;
  /** How the next words are said: see `Turn.manner`. */
  readonly manner?: string | undefined;
  /** What was wrong with an answer that was struck out. */
  readonly note?: string | undefined;
}

/** Tokens to go on from. */
export interface ScenePrompt {
  readonly tokens: Int32Array;
  /** Tokens at the start that stay the same from turn to turn and query to query: what is saved on disk. */
  readonly prefixLength: number;
  /**
   * Where the speaker's own turn begins: with what opens it, the label on a page or the head of a message in a chat, so
   * that an adapter made for own turns alone has a part in the first word, too. In training, chat and evaluation alike
   * such an adapter acts from here on, on what the model alone has read (Greenewald et al., "Activated LoRA", 2025).
   * Undefined where nobody has the word.
   */
  readonly turnFrom: number | undefined;
  /** Texts at which what comes next ends. */
  readonly stop: readonly string[];
  /** How many of the oldest turns were left out to keep the budget. */
  readonly dropped: number;
  /** The fact that fits best of those shown to a question that a visitor asks. */
  readonly fact?: string | undefined;
  /** The tokens of what may come next: words of the speaker, or a cast name where a label comes next. */
  continuation(text: string): Int32Array;
}

/**
 * Version of the default template. It is raised whenever the same parts give other tokens, in any form; an adapter that
 * was trained with another is used only where `sameRows` says that training rows did not change.
 */
export const templateVersion = promptTemplate().version;

/** The template that a persona is written in. */
export function templateFor(persona: Pick<Persona, 'template'> | undefined): PromptTemplate {
  return persona?.template ?? promptTemplate();
}

/** What a prompt is made with: any `Model`. */
export type PromptModel = Pick<Model, 'tokenize' | 'special' | 'chatTemplate' | 'info'>;
