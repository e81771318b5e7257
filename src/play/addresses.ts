import { isCollective } from './cast/label.ts';
import type { Play } from './play.ts';
import { addressForms } from './pronouns.ts';
import { sceneTurns, type Turn } from './scene-turns.ts';
import { words } from './words.ts';

/** How somebody speaks to one other person of a play. */
export interface Addressed {
  /** Cast name of who is spoken to. */
  readonly person: string;
  /** How often that person is called thou, and how often you. */
  readonly thou: number;
  readonly you: number;
  /** What that person is called, with how often, the most frequent first: "my lord", "good Horatio". */
  readonly calls: readonly (readonly [call: string, times: number])[];
}

/** What may stand before a call and is no part of it: "Why, how now, Hamlet!", "Come, my lord,". */
const before =
  'o|oh|ah|ay|yes|yea|nay|no|now|well|why|what|how|come|go|here|so|then|and|but|for|thanks|farewell|adieu|welcome|hail|peace|speak|good morrow|good night|how now|pray|look|alas';
const epithet =
  'my|our|thou|most|good|gentle|sweet|dear|dearest|noble|worthy|brave|fair|poor|old|young|kind|great|gracious|valiant|royal|honest|gallant|trusty';
/** Words that call somebody by what they are. */
const title =
  'lord|lords|liege|sovereign|king|queen|prince|sir|madam|lady|mother|father|son|daughter|brother|sister|uncle|aunt|cousin|coz|nephew|niece|wife|husband|friend|friends|love|chuck|wench|majesty|grace|highness|thane|captain|general|doctor|nurse|boy|maid|fellow|sirrah|knave|master|mistress|partner|scholar|player|players|ghost|spirit|witch|porter|murderer|gentlewoman|servant|messenger';

/**
 * How a character speaks to each person of a play, the one spoken to most first. A speech is spoken to the only other one
 * on stage, or to whoever spoke right before and speaks right after; other speeches count for nobody.
 */
export function addressesOf(play: Play, name: string): readonly Addressed[] {
  const said = new Map<string, string[]>();
  for (const { turns } of sceneTurns(play))
    for (const [i, turn] of turns.entries()) {
      if (turn.speaker !== name) continue;
      const person = spokenTo(turns, i);
      if (person !== undefined) said.set(person, [...(said.get(person) ?? []), turn.text]);
    }
  return [...said]
    .toSorted(([, one], [, other]) => other.length - one.length)
    .map(([person, texts]) => ({
      person,
      ...addressForms(texts.flatMap(words)),
      calls: callsIn(texts, person),
    }));
}

/**
 * Cast name of the one person that a turn is spoken to: the only other one on stage, or whoever spoke right before and speaks
 * right after. Undefined where neither is so, or several speak.
 */
export function spokenTo(turns: readonly Turn[], at: number): string | undefined {
  const turn = turns[at]!;
  const [name, another] = turn.speakers;
  if (name === undefined || another !== undefined) return undefined;
  const others = turn.present.filter((one) => one !== name && !isCollective(one));
  if (others.length === 1) return others[0];
  const [previous, next] = [turns[at - 1], turns[at + 1]].map((one) => one?.speakers ?? []);
  const [person] = previous!;
  const isAnswered = previous!.length === 1 && next!.length === 1 && next![0] === person;
  return isAnswered && person !== name ? person : undefined;
}

/** A title that somebody is called by, as printed, such as "my good lord". */
export interface CalledTitle {
  readonly call: string;
  /** Index of its first letter in the text. */
  readonly at: number;
}

/** Titles between stops in a text, in order; names and words for several people are none. */
export function titlesIn(text: string): CalledTitle[] {
  return [...text.matchAll(titles)].map((match) => {
    const call = match[1]!;
    return { call, at: match.index + match[0].length - call.length };
  });
}

/** Calls that stand between stops: "good Horatio" of "Nay, good Horatio, hold." */
function callsIn(texts: readonly string[], person: string): (readonly [string, number])[] {
  const titles = title.toUpperCase().split('|');
  const own = person
    .split(/[^\p{L}'’]+/u)
    .filter((word) => word.length > 2 && !titles.includes(word));
  const pattern = callsBy([title, ...own].join('|'));
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const [, call] of text.matchAll(pattern)) {
      const normal = normalCall(call!, own);
      counts.set(normal, (counts.get(normal) ?? 0) + 1);
    }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** Calls that end in one of some nouns, between stops; the call is the first group. */
function callsBy(nouns: string): RegExp {
  return new RegExp(
    `(?:^|[,;:.!?—-])\\s*(?:(?:${before})\\s+)*((?:(?:${epithet})\\s+)*(?:${nouns}))(?=\\s*(?:[,;:.!?—-]|$))`,
    'giu',
  );
}

/** Nouns that call one person. */
const titles = callsBy(
  title
    .split('|')
    .filter((noun) => !/s$/.test(noun) || /ss$/.test(noun))
    .join('|'),
);

/** In small letters but for names. */
function normalCall(call: string, own: readonly string[]): string {
  return call
    .toLowerCase()
    .split(/\s+/)
    .map((word) =>
      own.includes(word.toUpperCase()) ? word[0]!.toUpperCase() + word.slice(1) : word,
    )
    .join(' ');
}
