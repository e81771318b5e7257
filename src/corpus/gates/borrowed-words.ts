import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import type { Source } from '../source.ts';
import { RunIndex } from './run-index.ts';
import { sharedRuns } from './shared-run.ts';

/** Words in a row that two persons of a play do not both say by chance: as many as parts of a play may not share. */
const runWords = 8;
/** A whole speech of so many words is somebody's, though it is no run. */
const speechWords = 4;

/** Words of the play that are another's. */
export interface Borrowed {
  readonly words: string;
  /** Who says them, and where. */
  readonly by: string;
  readonly place: string;
}

/**
 * Tells whose words a text of no place has: a row may say that it is from elsewhere, and be the speech of another under
 * the learner's label.
 */
export class BorrowedWords {
  readonly #turns: readonly Turn[];
  readonly #indices = new Map<string, { readonly runs: RunIndex; readonly whole: Whole }>();

  constructor({ play }: Pick<Source, 'play'>) {
    this.#turns = sceneTurns(play).flatMap(({ turns }) => turns);
  }

  /** The first words of `text` that others than `speaker` say and `speaker` does not. */
  find(text: string, speaker: string): Borrowed | undefined {
    const others = this.#of(speaker);
    const own = this.#own(speaker);
    const whole = words(text).join(' ');
    const same = others.whole.get(whole);
    if (same && !own.whole.has(whole)) return { words: whole, by: same.speaker, place: same.place };
    const run = sharedRuns(text, others.runs, runWords).find(
      (found) => sharedRuns(found.words, own.runs, runWords).length === 0,
    );
    const turn = run && this.#turns.find(({ place }) => place === run.place);
    return turn && { words: run.words, by: turn.speaker, place: turn.place };
  }

  #of(speaker: string) {
    return this.#index(`not ${speaker}`, ({ speakers }) => !speakers.includes(speaker));
  }

  #own(speaker: string) {
    return this.#index(speaker, ({ speakers }) => speakers.includes(speaker));
  }

  #index(key: string, isOf: (turn: Turn) => boolean) {
    let index = this.#indices.get(key);
    if (!index) {
      const turns = this.#turns.filter(isOf);
      const whole = new Map(
        turns
          .map((turn) => [words(turn.text), turn] as const)
          .filter(([said]) => said.length >= speechWords)
          .map(([said, turn]) => [said.join(' '), turn]),
      );
      index = { runs: new RunIndex(turns), whole };
      this.#indices.set(key, index);
    }
    return index;
  }
}

/** Speeches by their words. */
type Whole = ReadonlyMap<string, Turn>;
