import type { CastMember, Play } from '../play/play.ts';
import { speeches } from '../play/speeches.ts';
import { stressesOf, syllablesOf } from '../play/syllables.ts';
import { words } from '../play/words.ts';
import { anachronisms } from './anachronism-ban.ts';
import { characterLexicon } from './character-lexicon.ts';
import { banLine, lexiconLine, literal } from './grammar-text.ts';
import { type LengthHazard, lengthHazard } from './length-hazard.ts';
import type { PushName } from './push.ts';
import { fitsIambs, speaksVerse } from './verse.ts';

export interface RecipeOptions {
  /** What may be learnt from: the train scenes alone. */
  readonly play: Play;
  readonly character: CastMember;
  readonly levers: readonly PushName[];
  /** Cast names who may be given a label, the character's own first. None: a reply has no labels. */
  readonly onStage?: readonly string[] | undefined;
}

/**
 * The levers of a character as one weighted grammar: the same pushes, but whole words at a time, whatever the tokens, with
 * phrases taken back that were begun before they were known to be banned. What the language means is in grammar.md.
 *
 * "verse" needs `loadPronunciations`.
 */
export function recipeOf({ play, character, levers, onStage = [] }: RecipeOptions): string {
  const has = (lever: PushName): boolean => levers.includes(lever);
  const lines: string[] = [`# ${character.name}: ${levers.join(', ') || 'nothing'}`];
  const isVerse = has('verse') && speaksVerse(play, character);
  const labels = has('tags') ? onStage : [];
  lines.push(`root ::= ${labels.length > 0 ? 'label ' : ''}${reply(has, isVerse)}`);
  if (labels.length > 0) {
    lines.push(`label ::= ${labels.map((name) => literal(`${name}: `)).join(' | ')}`);
  }
  if (has('brackets')) lines.push('direction ::= "[" [^\\]\\n()]{3,60} ~ 20 "]"');
  lines.push(...(isVerse ? verseRules(play) : proseRules(has, play, character)));
  if (has('lexicon')) lines.push(...lexiconLines(play, character));
  if (has('ban')) lines.push(banLine(anachronisms(play)));
  return `${lines.join('\n')}\n`;
}

function reply(has: (lever: PushName) => boolean, isVerse: boolean): string {
  const body = isVerse ? 'verse' : 'prose';
  // A direction is allowed, and no more: one reply in five has one.
  return has('brackets') ? `(/0.2/ direction " " | /0.8/ "") ${body}` : body;
}

/** Sentences, with the character's chance to stop after each where the length is steered. */
function proseRules(
  has: (lever: PushName) => boolean,
  play: Play,
  character: CastMember,
): string[] {
  const plain = has('brackets') ? '[^.!?\\n()\\[\\]{}*]' : '[^.!?\\n]';
  const sentence = `sentence ::= ${plain}+ [.!?]+ ["'”’]?`;
  if (!has('length')) return ['prose ::= sentence (" " sentence)*', sentence];
  return [...hazardRules(lengthHazard(play, character), 'sentence'), sentence];
}

/** Sentences of a speech, about so many words each: at which of them how many words were said. */
const wordsPerSentence = 9;
const mostSentences = 16;

/**
 * A chain of rules, one for each sentence: stop here with the hazard as its weight, or go on with the rest of it. Two
 * weights that add to 1 at each sentence make W the chance of the character's speeches to be so long.
 */
function hazardRules(hazard: LengthHazard, unit: string): string[] {
  const rules = Array.from({ length: mostSentences }, (_, i) => {
    const stop = hazard.at((i + 1) * wordsPerSentence);
    const last = i === mostSentences - 1;
    const go = last ? '' : ` | /${weight(1 - stop)}/ " " after${i + 2}`;
    return `after${i + 1} ::= ${unit} (/${weight(last ? 1 : stop)}/ ""${go})`;
  });
  return ['prose ::= after1', ...rules];
}

const weight = (chance: number): string => Math.max(1e-4, chance).toFixed(4);

/** What a word counts whose stresses are not known, beside one that fits. */
const unknownWord = 0.1;
const metrical = 4;

/**
 * Iambic pentameter over the words of the play: a state for each number of syllables said, and for each state the words
 * whose main stress then falls on an even syllable. Words that the play does not have pass with a low weight, as one to
 * three syllables of any stress; so do lines of no metre at all.
 */
function verseRules(play: Play): string[] {
  const kinds = new Map<string, string[]>();
  for (const word of playWords(play)) {
    const kind = kindOf(word);
    if (kind) kinds.set(kind, [...(kinds.get(kind) ?? []), word]);
  }
  const names = [...kinds.keys()].sort();
  const rules = names.map((kind) => {
    const list = kinds.get(kind)!.sort();
    return `w${kind} ::= ${list.map((word) => `[${word[0]}${word[0]!.toUpperCase()}] ${literal(word.slice(1))}`).join(' | ')}`;
  });
  const states = Array.from({ length: 11 }, (_, said) => {
    const known = names.filter((kind) => fits(kind, said) && said + kind.length <= 11);
    const ways = known.map((kind) => `w${kind} ${after(said + kind.length)}`);
    const free = [1, 2, 3]
      .filter((count) => said + count <= 11)
      .map((count) => `/${unknownWord}/ unknown ${after(said + count)}`);
    return `s${said} ::= ${[...ways, ...free].join(' | ')}`;
  });
  return [
    'verse ::= line ("\\n" line){0,19} ~ 6',
    `line ::= /${metrical}/ s0 | /1/ loose`,
    'loose ::= [^\\n()\\[\\]{}*]{20,60} ~ 42',
    "unknown ::= [A-Za-z] [a-z'’-]*",
    'gap ::= [,;:.!?]? " "',
    'stop ::= [,;:.!?]?',
    ...rules,
    ...states,
  ];
}

const after = (said: number): string =>
  said >= 11 ? 'stop' : said === 10 ? '(/2/ stop | gap s10)' : `gap s${said}`;

/** Such as "01": a sign for each syllable, 1 where the main stress is; "x" for one syllable, which fits anywhere. */
function kindOf(word: string): string | undefined {
  if (!/^[a-z]+(?:'[a-z]+)*$/.test(word)) return undefined;
  const { least, most } = syllablesOf(word);
  if (least !== most || most > 4) return undefined;
  if (most === 1) return 'x';
  const stresses = stressesOf(word);
  return stresses?.length === most
    ? stresses.map((stressed) => (stressed ? '1' : '0')).join('')
    : undefined;
}

const fits = (kind: string, said: number): boolean =>
  fitsIambs(
    [...kind].map((sign) => sign === '1'),
    said,
  );

function playWords(play: Play): Set<string> {
  return new Set([...speeches(play)].flatMap(({ speech }) => words(speech.lines.join('\n'))));
}

/** One lexicon, each word with its own weight. */
function lexiconLines(play: Play, character: CastMember): string[] {
  const entries = characterLexicon(play, character).flatMap(({ weight: own, words: list }) =>
    list.map((text) => ({ text, weight: own })),
  );
  return entries.length === 0 ? [] : [lexiconLine('own', 0, entries)];
}
