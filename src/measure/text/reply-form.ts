import { words } from '../../play/words.ts';
import { promptTemplate } from '../../prompt/prompt-template.ts';
import { repeatsQuestion } from './repeats-question.ts';
import { speaksInThirdPerson } from './third-person.ts';

/** What may be wrong with the form of a reply, whatever it says. */
const replyFaults = [
  'empty',
  'repeats the question',
  'third person',
  'second person',
  'quotes on',
  'another voice',
  'prompt words',
  'cut off',
  'at the limit',
] as const;
export type ReplyFault = (typeof replyFaults)[number];

/** Who replies: names and relations as a reply would have them. */
export interface Replier {
  /** The character's own names: "Hamlet". */
  readonly names: readonly string[];
  /** Names of others that hold one of them, such as "King Hamlet" or "Lady Macbeth". */
  readonly namesakes: readonly string[];
  /** Names of everybody in the play as they stand before a speech: "Hamlet", "King Claudius". */
  readonly labels: readonly string[];
  /** What the character's own are when they are told to it: "your uncle", "the lady of your heart". */
  readonly told: readonly string[];
}

/** A reply, and what led to it. */
export interface RepliedTo {
  readonly question: string;
  readonly reply: string;
  /** Why it ended: 'end', 'stop', 'length', 'sentence' or 'window'. */
  readonly stop: string;
  /** Speeches or exchanges of the play that were recalled for it, and whatever else of the prompt is not to be recited. */
  readonly passages?: readonly string[] | undefined;
  /** Digests that were recalled for it: one may be said again as it stands, for that is an answer. */
  readonly facts?: readonly string[] | undefined;
}

/** Words in a row of a recalled passage, or of each of two recalled facts, that are quoted and not answered: a line has 8. */
const quotedRun = 10;
/** What stands in prompts and in nobody's mouth: marks, headings and orders of the templates. */
const promptWords: readonly RegExp[] = [
  // Marks, alone or in brackets; speeches have no brackets, as directions are taken out.
  /\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{4}\b/,
  /[[\]]/,
  /^\W*you (?:remember|know|recall)\s*(?::|$)/im,
  /\byour thoughts now\b/i,
  /\b[Aa]nswer (?:as \p{Lu}\p{Ll}|the question first\b)/u,
  /\bspeak only as\b/i,
  /\bwords between marks\b/i,
  /\ba line that was struck out\b/i,
  /\bwhat I remember:/i,
  /^\s*- /m,
  /<\|?[a-z_/]+\|?>/i,
];
/** A label in capitals, whoever it names: "CLAUDIUS:", "FIRST WITCH." at the start of a line. */
const capitalLabel = /(?:^|\n|[.!?]\s+)\W*(?!I[.:])\p{Lu}[\p{Lu}'’ ]{2,}[:.](?=\s|$)/u;

/**
 * The faults of a reply's form, in the order of `replyFaults`; empty for a reply that is well formed. It judges by words
 * alone and knows nothing of whether the reply is right.
 *
 * Of the 1,724 speeches of Hamlet and Macbeth that answer another, taken as replies to it, 8 are found at fault: "Macbeth
 * does murder sleep".
 */
export function replyFaultsOf(to: RepliedTo, who: Replier): ReplyFault[] {
  const { question, reply } = to;
  const runsOut = to.stop === 'length' || to.stop === 'window';
  const repeats = repeatsQuestion(reply, question);
  const isWhole = /[.!?…][\s”"'’)\]]*$/.test(reply);
  const has: Readonly<Record<ReplyFault, boolean>> = {
    empty: words(reply).length === 0,
    'repeats the question': repeats,
    'third person': speaksInThirdPerson(unquoted(reply), who),
    // The question's own "your father" is no second fault.
    'second person': !repeats && tellsItselfOfItself(reply, who),
    'quotes on': quotesOn(to),
    'another voice': hasLabel(unquoted(reply), who),
    'prompt words': saysPromptWords(reply),
    'cut off': runsOut && !isWhole,
    'at the limit': runsOut && isWhole,
  };
  return replyFaults.filter((fault) => has[fault]);
}

/** Whether a reply has marks, headings or orders of a prompt in it, or a run of the examples that prompts show. */
export function saysPromptWords(reply: string): boolean {
  return promptWords.some((pattern) => pattern.test(reply)) || saysExample(reply);
}

/** What others are quoted with proves nothing of who speaks. */
function unquoted(reply: string): string {
  return reply.replace(/“[^”]*”|"[^"]*"/g, '…');
}

/** "You are Hamlet", "my dear Hamlet", or "your uncle" of who is the character's own: words of a prompt that speaks to the character. */
function tellsItselfOfItself(reply: string, { names, told }: Replier): boolean {
  const isSaid = (phrase: string): boolean => hasPhrase(reply, phrase);
  const others = ['you are', 'dear', 'dearest', 'good', 'sweet'];
  return (
    told.some(isSaid) || names.some((name) => others.some((word) => isSaid(`${word} ${name}`)))
  );
}

/** A run of a recalled passage, or runs of two recalled facts, of which a short one counts when it is whole. */
function quotesOn({ reply, passages = [], facts = [] }: RepliedTo): boolean {
  const said = spaced(reply);
  const isQuoted = (text: string): boolean =>
    runsOf(text, quotedRun).some((run) => said.includes(` ${run} `));
  const isLong = (text: string): boolean => words(text).length >= quotedRun;
  return passages.filter(isLong).some(isQuoted) || facts.filter(isQuoted).length > 1;
}

function spaced(text: string): string {
  return ` ${words(text).join(' ')} `;
}

/** Every run of so many words; of a shorter text all its words. */
function runsOf(text: string, length: number): string[] {
  const all = words(text);
  const starts = Math.max(1, all.length - length + 1);
  return all.length === 0
    ? []
    : Array.from({ length: starts }, (_, at) => all.slice(at, at + length).join(' '));
}

/** Words in a row of what is shown as answered before: of a cook, a spoon, a lame horse. */
const exampleRun = 5;

/** Whether a reply has a run of an example that prompts show, which is of nobody's story. */
function saysExample(reply: string): boolean {
  const { unknown, answering = [] } = promptTemplate();
  const shown = answering
    .flatMap(({ examples }) => examples.flatMap(({ facts, reply: given }) => [...facts, given]))
    .filter((text) => unknown === undefined || !text.includes(unknown));
  const said = spaced(reply);
  return shown.some((text) => runsOf(text, exampleRun).some((run) => said.includes(` ${run} `)));
}

/** A speaker's label before words: the character's own at the start of a line, or anybody's. */
function hasLabel(reply: string, { labels }: Replier): boolean {
  if (capitalLabel.test(reply)) return true;
  const names = [...labels, 'Visitor', 'Stranger', 'User', 'Assistant', 'Question', 'Answer'];
  return new RegExp(`(?:^|\\n)\\W*(?:${names.map(escaped).join('|')}):`, 'u').test(reply);
}

function hasPhrase(text: string, phrase: string): boolean {
  return new RegExp(`(?<![\\p{L}'’-])${escaped(phrase)}(?![\\p{L}-])`, 'iu').test(text);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
