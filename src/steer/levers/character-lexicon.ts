import { wordOdds } from '../../play/particular-words.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { SpokenWords } from '../../play/spoken-words.ts';
import { isModern, tongueOf } from '../../play/tongue.ts';
import { words } from '../../play/words.ts';
import { lexiconLine } from '../grammar/grammar-text.ts';
import type { Push } from '../push.ts';
import { earlyModernWords, type LexiconGroup } from './lexicon.ts';
import { ownSpeeches } from './own-speeches.ts';

/** Beyond chance at 5 %. */
const leastZ = 1.96;
/** A colour, not a topic: a particular word gets half of its log-odds, and never more than this. */
const shareOfOdds = 0.5;
const mostWeight = 0.8;
/** From so many words on, an old word that a character never says is one they do not say. */
const tellingWords = 500;

/**
 * The early modern English of one character: the old words that they say, and those they say more often, or less, than
 * the others of the play by log-odds with a Dirichlet prior. Names of the cast are left out: they are topics. A play of
 * today has no old words.
 *
 * @param play What may be learnt from: the train scenes alone.
 */
export function characterLexicon(play: Play, character: CastMember): readonly LexiconGroup[] {
  const own = ownSpeeches(play, character).flatMap((lines) => words(lines.join('\n')));
  const all = SpokenWords.of(play).bySpeech.flat();
  const said = new Set(own);
  const isOwn = (word: string): boolean =>
    own.length < tellingWords || words(word).every((one) => said.has(one));
  const early = isModern(tongueOf(play).period) ? [] : earlyModernWords();
  const old = early.map(({ weight, words: list }) => ({
    weight,
    words: list.filter(isOwn),
  }));
  const listed = new Set(old.flatMap((group) => group.words.flatMap((word) => words(word))));
  const names = new Set(
    play.cast.flatMap(({ name, aliases }) => words([name, ...aliases].join(' '))),
  );
  const particular = wordOdds(own, all)
    .filter(({ word, z }) => Math.abs(z) >= leastZ && !names.has(word) && !listed.has(word))
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z) || (a.word < b.word ? -1 : 1))
    .map(({ word, logOdds }) => ({ weight: weightOf(logOdds), words: [word] }));
  return [...old, ...particular].filter((group) => group.words.length > 0);
}

const weightOf = (logOdds: number): number =>
  Math.max(-mostWeight, Math.min(mostWeight, shareOfOdds * logOdds));

/** Pushes a character's words, each with its own weight. */
export function lexiconPush(groups: readonly LexiconGroup[]): Push {
  const entries = groups.flatMap(({ weight, words: list }) =>
    list.map((text) => ({ text, weight })),
  );
  const up = groups.filter(({ weight }) => weight > 0).flatMap((group) => group.words);
  const down = groups.filter(({ weight }) => weight < 0).flatMap((group) => group.words);
  return {
    grammar: entries.length === 0 ? '' : `${lexiconLine('own', 0, entries)}\n`,
    about: `towards ${shown(up)}; away from ${shown(down)}`,
  };
}

const shown = (list: readonly string[]): string =>
  list.length === 0
    ? 'nothing'
    : `${list.slice(0, 8).join(', ')}${list.length > 8 ? ` and ${list.length - 8} more` : ''}`;
