import { sentencesOf } from '../../play/sentences.ts';
import { words } from '../../play/words.ts';
import { banLine } from '../grammar/grammar-text.ts';

/** Words from which on a sentence that was said before is not said again: "Ay, my lord." may be. */
const leastSaid = 4;
/** Words from which on a part of a sentence, between two marks, is not said again in another one. */
const leastPart = 7;
/** Bytes of a phrase to ban, at most: a grammar takes no longer one, and whoever says so much of it says the rest. */
const mostBytes = 300;
/** Words from which on a line is not said back to who said it: "Good morrow." may be. */
const leastHeard = 3;
/** Words in a row of a line that are not said back, wherever they stand in it. */
const heardRun = 5;
/** Runs of a long line that are not said back, the first ones. */
const mostRuns = 80;
/** Sentences that are remembered as said, the latest ones. */
const mostSentences = 160;

/** What a reply must not be an echo of. */
export interface EchoSources {
  /** What the speaker has said in the conversation so far, reply by reply. */
  readonly said: readonly string[];
  /** What the reply answers. */
  readonly heard: string;
  /** What may be said however often: the answer that is known, and that nothing is known. */
  readonly spared?: readonly string[] | undefined;
}

/**
 * What a reply must not say, as phrases to ban: a sentence that its speaker has said before in the conversation, or a long
 * part of one, and the line that it answers, said back word for word or turned round ("How do I feel today?").
 */
export function echoPhrases({ said, heard, spared = [] }: EchoSources): readonly string[] {
  const allowed = spared.map(spaced);
  const isSpared = (phrase: string): boolean =>
    allowed.some((text) => text.includes(spaced(phrase)));
  const before = said.flatMap(sentencesOf).slice(-mostSentences);
  const own = before.flatMap((sentence) => [
    ...longer(leastSaid, [bare(sentence)]),
    ...longer(leastPart, sentence.split(/[,;:—–()]/).map(bare)),
  ]);
  const back = longer(leastHeard, [bare(heard), ...sentencesOf(heard).map(bare)]).filter(
    (phrase, i) => i === 0 || words(phrase).length > leastHeard,
  );
  const turned = back.map(turnedRound);
  const runs = sentencesOf(heard).flatMap(runsOf).slice(0, mostRuns);
  const phrases = [...own, ...back, ...turned, ...runs].filter((phrase) => !isSpared(phrase));
  return [...new Set(phrases.map(beginning))];
}

/** Every run of so many words of a sentence, as they stand in it. */
function runsOf(sentence: string): string[] {
  const all = sentence.split(' ');
  const starts = Math.max(0, all.length - heardRun + 1);
  return Array.from({ length: starts }, (_, at) =>
    bare(all.slice(at, at + heardRun).join(' ')),
  ).filter((run) => run !== '');
}

/**
 * Forbids a reply's echoes, the words of its prompt, four hex digits that mark a memory, lines of a list, with bullets or
 * numbers, labels in capitals at the start of a line, and signs
 * of programs.
 */
export function echoGrammar(phrases: readonly string[]): string {
  return [
    'root ::= line ([\\r\\n] line)*',
    'line ::= [ \\t]* (dash? (capitals (word rest)? | number (after rest)? | first rest))?',
    'dash ::= "-" ("-"+ [ \\t]*)?',
    "capitals ::= [A-Z] [A-Z'’ -]*",
    "word ::= [^A-Z'’ :\\r\\n`_=<>|~-]",
    'number ::= [0-9]+',
    'after ::= [^0-9.):\\r\\n`_=<>|~]',
    'first ::= [^A-Z0-9 \\t\\r\\n•#`_=<>|~-]',
    'rest ::= [^\\r\\n`_=<>|~]*',
    `%class /${mark}/ -${markNats}`,
    // A word of small letters is banned in capitals, too.
    ...(phrases.length === 0 ? [] : [banLine(phrases.map((phrase) => phrase.toLowerCase()))]),
    '',
  ].join('\n');
}

/** Four hex digits, letters and digits among them. */
const mark = '\\d[a-f]..|\\d\\d[a-f].|\\d\\d\\d[a-f]|[a-f]\\d..|[a-f][a-f]\\d.|[a-f][a-f][a-f]\\d';
/** What a mark costs: more than any model likes it. */
const markNats = 40;

/** The first words of a long phrase; of one endless word its first letters. */
function beginning(phrase: string): string {
  if (Buffer.byteLength(phrase) <= mostBytes) return phrase;
  const start = new TextDecoder().decode(Buffer.from(phrase).subarray(0, mostBytes));
  return bare(start.replace(/ \S*$|\uFFFD+$/u, ''));
}

const longer = (least: number, phrases: readonly string[]): string[] =>
  phrases.filter((phrase) => words(phrase).length >= least);

/** A phrase from its first letter to its last: what a ban looks for stands between the borders of words. */
const bare = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');

const spaced = (text: string): string => ` ${words(text).join(' ')} `;

/** Words that change when what was said to somebody is said by them. */
const person: Readonly<Record<string, string>> = {
  you: 'I',
  thou: 'I',
  thee: 'me',
  your: 'my',
  thy: 'my',
  yours: 'mine',
  thine: 'mine',
  yourself: 'myself',
  thyself: 'myself',
  are: 'am',
  art: 'am',
};

/** "How do you feel?" as the one asked would ask it: "How do I feel?". Other forms of "be" stay as they are. */
function turnedRound(text: string): string {
  const isTold = /\b(?:you|thou)\b/i.test(text);
  return text.replace(/[a-z]+/gi, (word) => {
    const own = person[word.toLowerCase()];
    return own === undefined || (own === 'am' && !isTold) ? word : own;
  });
}
