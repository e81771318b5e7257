import { readFileSync } from 'node:fs';
import type { Play } from './play.ts';
import { SpokenWords } from './spoken-words.ts';
import { isModern, shakespeares, tongueOf } from './tongue.ts';
import { words } from './words.ts';

/** What data/later-things.json lists. */
interface Listed {
  /** Things of our own time, and what is said to machines: of no time before it. */
  readonly ours: readonly string[];
  /** Things that came after Shakespeare's time. */
  readonly things: readonly string[];
}

/** A year that had not come in Shakespeare's time. */
const laterYear = / (?:1[7-9]|20)\d\d /;

let listed: Listed | undefined;

/** What nobody in a play can have heard of, since it came later than the play's time. */
export class LaterThings {
  readonly #phrases: readonly string[];
  readonly #hasYears: boolean;

  constructor(play: Play) {
    const { period } = tongueOf(play);
    const isEarly = period === shakespeares.period;
    const { ours, things } = readListed();
    const all = isModern(period) ? [] : isEarly ? [...ours, ...things] : ours;
    const spoken = SpokenWords.of(play);
    this.#phrases = all.filter((phrase) => !spoken.has(phrase)).map(spaced);
    this.#hasYears = isEarly;
  }

  /** Whether a text names something later, as whole words, whatever their case; or a year that had not come. */
  isNamedIn(text: string): boolean {
    const asked = spaced(text);
    return (
      (this.#hasYears && laterYear.test(asked)) ||
      this.#phrases.some((phrase) => asked.includes(phrase))
    );
  }
}

function readListed(): Listed {
  const path = new URL('../../data/later-things.json', import.meta.url);
  listed ??= JSON.parse(readFileSync(path, 'utf8')) as Listed;
  return listed;
}

const spaced = (text: string): string => ` ${words(text).join(' ')} `;
