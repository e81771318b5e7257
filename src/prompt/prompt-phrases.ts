import { sentencesOf } from '../play/sentences.ts';
import { words } from '../play/words.ts';
import type { PromptTemplate } from './prompt-template.ts';

/** Words that an order of a template must have at its start to be known again. */
const leastWords = 3;

/** Words of a clause within an order that are known again: "say that you do not know" has six. */
const longClause = 4;
/** Words of a heading whose end alone is known again. */
const longHeading = 5;

/**
 * What nobody says who has not read the prompt: the headings of a template ("What I remember:") and the beginnings of its
 * orders ("Answer the question first"), as they stand in it, without what is put in.
 */
export function promptPhrases({ chat, script }: PromptTemplate): readonly string[] {
  const system = piecesOf(chat.system);
  const said = piecesOf([chat.recalled, chat.note, script.recalled, script.note]);
  const headings = [...system, ...said].flatMap(headingsOf).map(withoutColon);
  return [
    ...new Set([
      ...headings.flatMap((heading) => [heading, turned(heading), ...endOf(heading)]),
      ...[...system, ...said].flatMap(ordersOf),
    ]),
  ];
}

/**
 * What nobody says of their own accord who has not read the examples of a prompt: their own words.
 *
 * @param told What was said and what is recalled: its words may be said.
 */
export function examplePhrases({ answering = [] }: PromptTemplate, told: string): string[] {
  const own = answering.flatMap(({ examples }) => examples.flatMap(({ own = [] }) => own));
  const heard = ` ${words(told).join(' ')} `;
  return [...new Set(own)].filter((phrase) => !heard.includes(` ${words(phrase).join(' ')} `));
}

/**
 * What a prompt says of how a character speaks ("You are warm, brief and courtly"), as phrases that nobody says of
 * themself: its clauses, said of oneself or as they stand, and two words of a list.
 *
 * @param description A persona's, whose first sentence says who the character is.
 */
export function mannerPhrases(description: string): string[] {
  return sentencesOf(description)
    .slice(1)
    .flatMap((sentence) => [...clausesOf(sentence), ...pairsOf(sentence)]);
}

function clausesOf(sentence: string): string[] {
  return sentence
    .split(/[,;:.]| and (?=you\b)/)
    .map((clause) => clause.trim().replace(/^(?:and|but|then|with) /i, ''))
    .map((clause) => clause.replace(/^you (?:are |have )?/i, ''))
    .filter(hasWords(2))
    .flatMap((clause) => [clause, turned(clause)]);
}

/** "warm and brief" and "warm, brief" of what has a comma between. */
function pairsOf(sentence: string): string[] {
  return [...sentence.matchAll(/(\p{L}+), (?!and\b|you\b|with\b|then\b)(?=(\p{L}+))/gu)].flatMap(
    ([, one, other]) => [`${one}, ${other}`, `${one} and ${other}`],
  );
}

/** "what you feel" as who feels it says it. */
const turned = (clause: string): string =>
  clause
    .replace(/\byou\b/gi, 'I')
    .replace(/\byour\b/gi, 'my')
    .replace(/\byourself\b/gi, 'myself');

/** The parts of texts between what is put into them and between their lines. */
function piecesOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split(/\{\w+\}|\n/));
}

/** A heading of three words or more without its colon; "You think:" is one by its colon alone. */
const withoutColon = (heading: string): string =>
  hasWords(leastWords)(heading) ? heading.slice(0, -1) : heading;

/** What ends in a colon, with the colon. */
function headingsOf(piece: string): string[] {
  return [...piece.matchAll(/[\p{L}’' ]+:/gu)].map(([text]) => text.trim()).filter(hasWords(2));
}

/** The last three words of a long heading: "What do you say of others" is "What you say of others", too. */
function endOf(heading: string): string[] {
  const all = heading.split(' ');
  return all.length >= longHeading ? [all.slice(-3).join(' ')] : [];
}

/** The clauses of every sentence that begins in the piece with a capital and has no heading: the first, and long ones. */
function ordersOf(piece: string): string[] {
  return sentencesOf(piece)
    .filter((sentence) => /^\W*\p{Lu}(?!.*:)/u.test(sentence))
    .flatMap((sentence) =>
      (sentence.match(/[\p{L}’' ]+/gu) ?? [])
        .map((clause) => clause.trim())
        .filter((clause, i) => hasWords(i === 0 ? leastWords : longClause)(clause)),
    );
}

const hasWords =
  (least: number) =>
  (text: string): boolean =>
    text.split(/\s+/).length >= least;
