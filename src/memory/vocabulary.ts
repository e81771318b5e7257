import type { Play } from '../play/play.ts';
import { words } from '../play/words.ts';
import { termOf } from './word-index.ts';

/** Every word of a play and of what is told of it: its text, directions, cast and facts. */
export class Vocabulary {
  readonly #terms = new Set<string>();

  constructor({ acts, cast }: Play, told: readonly string[]) {
    const said = acts.flatMap(({ scenes }) => scenes.flatMap(({ elements }) => elements));
    const texts = [
      ...said.map((element) =>
        element.kind === 'speech' ? element.lines.join(' ') : element.text,
      ),
      ...cast.flatMap(({ name, aliases, description }) => [name, ...aliases, description]),
      ...told,
    ];
    for (const word of texts.flatMap(words)) this.#terms.add(termOf(word) ?? word);
  }

  /** Whether a text names somebody or something that is nowhere here: a capital within it, of a word that is not. */
  isStrange(text: string): boolean {
    const named = Array.from(
      text.matchAll(/(?<=\w[^.?!]*\s)(?!I['’])\p{Lu}[\p{L}'’-]+/gu),
      ([name]) => name,
    );
    return named.flatMap(words).some((word) => !this.#terms.has(termOf(word) ?? word));
  }
}
