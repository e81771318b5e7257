import type { Play } from './play.ts';
import { speeches } from './speeches.ts';
import { words } from './words.ts';

const known = new WeakMap<Play, SpokenWords>();

/** Everything that is said in a play, as words: worked out once for all who ask. */
export class SpokenWords {
  /** The words of each whole speech, in the play's order. */
  readonly bySpeech: readonly (readonly string[])[];
  readonly #distinct: ReadonlySet<string>;
  /** Speeches with a blank around each word; joined when it is first needed. */
  #text: string | undefined;

  private constructor(play: Play) {
    this.bySpeech = Array.from(speeches(play), ({ speech }) => words(speech.lines.join('\n')));
    this.#distinct = new Set(this.bySpeech.flat());
  }

  static of(play: Play): SpokenWords {
    const found = known.get(play) ?? new SpokenWords(play);
    known.set(play, found);
    return found;
  }

  /** Whether a speech has a phrase, as whole words, whatever its case and punctuation. */
  has(phrase: string): boolean {
    const asked = words(phrase);
    if (asked.some((word) => !this.#distinct.has(word))) return false;
    if (asked.length === 1) return true;
    this.#text ??= this.bySpeech.map((one) => ` ${one.join(' ')} `).join('\n');
    return this.#text.includes(` ${asked.join(' ')} `);
  }
}
