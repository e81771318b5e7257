import { displayName } from '../play/cast/display-name.ts';
import { isModern, shakespeares } from '../play/tongue.ts';
import type { Persona, PromptModel, Quotation, SceneLine, SceneParts, Turn } from './prompt.ts';
import { templateFor } from './prompt.ts';
import { type Answering, answeringOf, type Example, filled } from './prompt-template.ts';
import { oneLine, quote } from './quote.ts';

/** Lines as one form writes them together: on a page each alone, in a chat those in a row by one side. */
export interface Message<T extends SceneLine = SceneLine> {
  /** Whether it is the speaker's own. */
  readonly isOwn: boolean;
  /** Undefined for a direction. */
  readonly speaker?: string | undefined;
  /** How the words are said, where a form tells it apart from them. */
  readonly manner?: string | undefined;
  readonly text: string;
  /** Turns that it is made of; at least one. */
  readonly turns: readonly T[];
}

/** How a model answers under a persona's template. */
export function answeringFor(
  model: Pick<PromptModel, 'info'>,
  persona: Pick<Persona, 'template'> | undefined,
): Answering {
  return answeringOf(templateFor(persona), model.info.parameters);
}

/** Questions that are shown as answered: none where nobody asks. */
export function examplesFor(
  model: Pick<PromptModel, 'info'>,
  { persona, isAsked }: Omit<SceneParts, 'turns'>,
): readonly Example[] {
  if (!persona || !isAsked) return [];
  const { examples } = answeringFor(model, persona);
  return isModern((persona.tongue ?? shakespeares).period) ? examples.map(askedToday) : examples;
}

function askedToday(example: Example): Example {
  return { ...example, question: example.questionToday ?? example.question };
}

/** What is recalled, each thing in one line as the template has it, in the order in which it is shown, and the mark around them. */
export function recalledLines(
  { recalled, question }: { readonly recalled: readonly Quotation[]; readonly question: string },
  {
    passage,
    bestLast,
    named = displayName,
  }: {
    readonly passage: string;
    readonly bestLast: boolean;
    readonly named?: (speaker: string) => string;
  },
): { readonly passages: string; readonly mark: string } {
  const { lines, mark } = quote(recalled, question);
  const shown = lines.map(({ speaker, text }) =>
    filled(passage, { text: speaker === undefined ? text : `${named(speaker)}: “${text}”` }),
  );
  return { passages: (bestLast ? shown.reverse() : shown).join('\n'), mark };
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
  messages<T extends SceneLine>(turns: readonly T[]): Message<T>[];
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

/** The words of a line in one line, after how they are said. */
export function saidWords({ manner, text }: Pick<SceneLine, 'manner' | 'text'>): string {
  return manner === undefined ? oneLine(text) : `${mannerText(manner)} ${oneLine(text)}`;
}

/** How words are said, as it stands before them: "[To Ophelia]". */
export const mannerText = (manner: string): string => `[${oneLine(manner)}]`;

/** A speech is one paragraph. */
export const paragraphEnd = '\n\n';
