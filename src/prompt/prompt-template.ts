import { readdirSync, readFileSync } from 'node:fs';
import { DramatisError } from '../errors.ts';

/**
 * What a prompt says and in which words: a file of data/prompts. Words in braces stand for what is put in; a text that
 * stands for nothing is left out. Changing a file, or how a scene becomes tokens, means raising its version: the prompt
 * that an adapter was trained with is known by that number alone, so no two files share one.
 */
export interface PromptTemplate {
  readonly name: string;
  readonly version: number;
  /** Earlier versions whose training rows have the same tokens: what was trained with them is asked as it was trained. */
  readonly sameRows: readonly number[];
  /** What it tries, in a sentence. */
  readonly about: string;
  /** What the first exchange, which introduces the character, asks. */
  readonly firstQuestion: string;
  /** Sentence of {name} and {role} that introduces the character. */
  readonly introduction: string;
  /** How many exchanges from the play show how the character speaks. */
  readonly exchanges: number;
  readonly chat: {
    /**
     * Sentences of {title}, {name}, {description}, {relations}, {own}, {situation}, {language} and {period}; {own} is what
     * the character says of others.
     */
    readonly system: readonly string[];
    /** One thing that is recalled: {text}. */
    readonly passage: string;
    /** The visitor's words with what is recalled: {mark}, {passages}, {name}, {question}. */
    readonly recalled: string;
    /** The visitor's words with what was wrong with an answer: {question}, {note}. */
    readonly note: string;
  };
  readonly script: {
    /** The character among the cast: {label}, {role}. */
    readonly who: string;
    /** {title}, {cast}, {visitor}. */
    readonly heading: string;
    /** What the character says first: {introduction}, {situation}. */
    readonly situation: string;
    /** One thing that is recalled: {text}. */
    readonly passage: string;
    /** A direction: {label}, {mark}, {passages}. */
    readonly recalled: string;
    /** A direction: {label}, {note}. */
    readonly note: string;
  };
  /** Stands as the one thing recalled where what is asked is not known; none: nothing stands there. */
  readonly unknown?: string;
  /** Other words for it, once it has been said in a conversation. */
  readonly unknownElse?: readonly string[];
  /** What an answer begins with whose fact was told before in a conversation, each in its turn. */
  readonly again?: readonly string[];
  /** How questions are answered from what is recalled, the smaller models first; the last is for all that are larger. */
  readonly answering?: readonly Answering[];
}

/** How models up to a size answer questions from what they recall: found by experiment, see bench/README.md. */
export interface Answering {
  /** Millions of parameters that a model has less of; none in the last. */
  readonly below?: number;
  /** Facts that are shown, at most: a small model mixes up what a larger one tells apart. */
  readonly facts: number;
  /** Whether the fact that fits best stands next to the question. */
  readonly bestLast: boolean;
  /** Nats that the words of the best fact are pushed up by, until each is said; and those of the end once most are. */
  readonly push: number;
  readonly end: number;
  /** Nats for the words of `unknown` where that stands in place of facts: a model that read more than the play tells it all the same. */
  readonly pushUnknown: number;
  /** Temperature of answers from facts; that of other speech where there is none. */
  readonly temperature?: number;
  /** Questions shown as answered before the conversation, of things in no play. */
  readonly examples: readonly Example[];
}

/** A question with what is remembered, and the answer. */
export interface Example {
  /** The one that fits best first. */
  readonly facts: readonly string[];
  readonly question: string;
  /** What is asked instead of a character of our own time, who knows the thing that is asked about. */
  readonly questionToday?: string;
  readonly reply: string;
  /** Words that tell that an answer is of the example: nobody says them of their own accord. */
  readonly own?: readonly string[];
}

const plainAnswering: Answering = {
  facts: 3,
  bestLast: false,
  push: 0,
  end: 0,
  pushUnknown: 0,
  examples: [],
};

/** How a model with so many parameters answers. */
export function answeringOf({ answering = [] }: PromptTemplate, parameters: number): Answering {
  const fits = ({ below = Number.POSITIVE_INFINITY }: Answering): boolean =>
    parameters < below * 1e6;
  return answering.find(fits) ?? plainAnswering;
}

const folder = new URL('../../data/prompts/', import.meta.url);
const read = new Map<string, PromptTemplate>();

/** The name of the template that is used unless another is asked for. */
export const defaultTemplateName = 'default';

/** Names of all of them, in alphabetical order. */
export function templateNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/** @throws {DramatisError} USAGE if there is none of that name. */
export function promptTemplate(name = defaultTemplateName): PromptTemplate {
  const known = read.get(name);
  if (known) return known;
  const names = templateNames();
  if (!names.includes(name)) {
    throw new DramatisError('USAGE', `there is no prompt "${name}"`, {
      remedy: `There are ${names.join(', ')}: files of data/prompts.`,
    });
  }
  const found = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as PromptTemplate;
  read.set(name, found);
  return found;
}

/**
 * The template that asks what was trained with a version as it was trained: the one of that version, or one whose
 * training rows have its tokens. Undefined where there is none.
 */
export function templateOfVersion(version: number): PromptTemplate | undefined {
  const all = templateNames().map((name) => promptTemplate(name));
  return all.find((one) => one.version === version || one.sameRows.includes(version));
}

/**
 * A text with what its words in braces stand for. What is put in is never searched for braces, so nothing quoted can
 * pull in another part of the prompt.
 *
 * @throws {RangeError} For a word in braces that stands for nothing.
 */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined)
      throw new RangeError(`a prompt has {${key}}, which stands for nothing here`);
    return value;
  });
}

/** Several texts filled in; one that names something of which nothing is known is left out. */
export function filledParts(
  texts: readonly string[],
  values: Readonly<Record<string, string>>,
): string[] {
  const isEmpty = (text: string): boolean =>
    [...text.matchAll(/\{(\w+)\}/g)].some(([, key]) => values[key!] === '');
  return texts.filter((text) => !isEmpty(text)).map((text) => filled(text, values));
}
