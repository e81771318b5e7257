import type { Play } from './play.ts';
import { SpokenWords } from './spoken-words.ts';

/** What a play's characters speak: "the English of Shakespeare's time". */
export interface Tongue {
  /** Such as "English". */
  readonly language: string;
  /** Comes after "of": "Shakespeare's time", "1895", "today". */
  readonly period: string;
}

/** What characters speak where a prompt is written without a play. */
export const shakespeares: Tongue = { language: 'English', period: "Shakespeare's time" };

/** The period of a play that does not say its own and has no words that tell it. */
const ownTime = 'your own time';

/** Words that speeches of Shakespeare's time are full of: one in sixty of Hamlet's, and none of today's. */
const earlyWords = new Set(
  'thou thee thy thine thyself hath doth hast dost art wilt shalt tis prithee'.split(' '),
);
const leastEarly = 1 / 200;

/** Things of today that no play of before 1950 speaks of: two of them are no chance. */
const todaysWords = new Set(
  'phone smartphone mobile computer laptop internet online website email app wifi tv video bus airport'.split(
    ' ',
  ),
);
const leastTodays = 2;

const found = new WeakMap<Play, string>();

/** What a play's characters speak: as the head of its file says it, or else by the words they use. */
export function tongueOf(play: Play): Tongue {
  const { language = shakespeares.language, period = periodByWords(play) } = play;
  return { language, period };
}

/** "Shakespeare's time" for a play that says thou and hath, "today" for one with phones; otherwise the characters' own time. */
function periodByWords(play: Play): string {
  const known = found.get(play);
  if (known !== undefined) return known;
  const said = SpokenWords.of(play).bySpeech.flat();
  const early = said.filter((word) => earlyWords.has(word)).length;
  const todays = new Set(said.filter((word) => todaysWords.has(word))).size;
  const period =
    said.length > 0 && early >= said.length * leastEarly
      ? shakespeares.period
      : todays >= leastTodays
        ? 'today'
        : ownTime;
  found.set(play, period);
  return period;
}

/** True for a period whose people know what we know: "today", "the present", 1950 or later, the 21st century. */
export function isModern(period: string): boolean {
  return /\b(?:today|now|nowadays|present|our (?:own )?(?:time|days)|modern|19[5-9]\d|2\d{3}|21st|twenty-first)\b/i.test(
    period,
  );
}

/** Lines of a file's head that are looked at. */
const headLines = 60;
const headLine = /^[\s>]*(language|period)\s*:\s*["“']?(.*?)["”']?\s*$/i;

/** The language and the period that lines such as "Period: today" of a file's head name, if they do. */
export function statedTongue(text: string): Partial<Tongue> {
  const stated: { language?: string; period?: string } = {};
  for (const line of text.split('\n', headLines)) {
    const [, key, value = ''] = headLine.exec(line) ?? [];
    if (key !== undefined && value !== '')
      stated[key.toLowerCase() === 'period' ? 'period' : 'language'] ??= value;
  }
  return stated;
}
