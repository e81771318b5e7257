import type { Play } from '../play/play.ts';
import { words } from '../play/words.ts';
import { termOf } from './word-index.ts';

/** Words that are printed with a capital before a name, and name nobody. */
const titles =
  /^(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lord|Lady|King|Queen|Prince|Princess|Captain|Doctor|Master|Mistress|Father|Mother|Uncle|Aunt|God)$/;

/** Every word of a play and of what is told of it: its text, directions, cast and facts. */
export class Vocabulary {
  readonly #play: Play;
  readonly #told: readonly string[];
  /** Collected for the first question that names somebody: most name nobody. */
  #terms: ReadonlySet<string> | undefined;

  constructor(play: Play, told: readonly string[]) {
    this.#play = play;
    this.#told = told;
  }

  #collected(): ReadonlySet<string> {
    const { acts, cast } = this.#play;
    const said = acts.flatMap(({ scenes }) => scenes.flatMap(({ elements }) => elements));
    const texts = [
      ...said.map((element) =>
        element.kind === 'speech' ? element.lines.join(' ') : element.text,
      ),
      ...cast.flatMap(({ name, aliases, description }) => [name, ...aliases, description]),
      ...this.#told,
    ];
    return new Set(Array.from(new Set(texts.flatMap(words)), (word) => termOf(word) ?? word));
  }

  /**
   * Whether what is asked names somebody or something that is nowhere here: a capital within it, of a word that is not and
   * that is no title. What a visitor says beside a question, such as their own name, is not asked.
   */
  isStrange(text: string): boolean {
    const asked = text.match(/[^.?!]+\?/gu)?.join(' ') ?? text;
    const named = Array.from(
      asked.matchAll(/(?<=[\p{L}\p{N}_][^.?!]*\s)(?!I['’])\p{Lu}[\p{L}'’-]+/gu),
      ([name]) => name,
    ).filter((name) => !titles.test(name));
    if (named.length === 0) return false;
    this.#terms ??= this.#collected();
    const terms = this.#terms;
    return named.flatMap(words).some((word) => !terms.has(termOf(word) ?? word));
  }
}
