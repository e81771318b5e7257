import { sceneTurns } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import type { Source } from '../source.ts';

/** A shorter text may have any words. */
const leastWords = 8;
/** Share of a text's words that the play lacks: lines written for it by hand have .29 at most, modern prose has more. */
const leastShare = 0.3;
/** Quantile of that share over the play's own speeches, each in the absence of its scene. */
const quantile = 0.99;

/**
 * The words of a play, and how many others a text may have before it is plainly of another world.
 *
 * The band comes from the play: of each of its speeches, the share of words that no other scene has. A short play knows
 * few words, and allows more.
 */
export class VocabularyBand {
  readonly #scenesOf = new Map<string, Set<string>>();
  /** A text with a greater share of unknown words is out of the band. */
  readonly most: number;

  constructor({ play }: Pick<Source, 'play'>) {
    const speeches = sceneTurns(play).flatMap(({ scene, turns }) =>
      turns.map(({ text }) => ({ scene, said: words(text) })),
    );
    for (const { scene, said } of speeches)
      for (const word of said) {
        const scenes = this.#scenesOf.get(word);
        if (scenes) scenes.add(scene);
        else this.#scenesOf.set(word, new Set([scene]));
      }
    const shares = speeches
      .filter(({ said }) => said.length >= leastWords)
      .map(
        ({ scene, said }) =>
          said.filter((word) => !this.#isElsewhere(word, scene)).length / said.length,
      )
      .sort((a, b) => a - b);
    this.most = Math.max(leastShare, shares[Math.floor(quantile * shares.length)] ?? 1);
  }

  has(word: string): boolean {
    return this.#scenesOf.has(word);
  }

  /** The words of a text that the play does not have, if they are more than the band allows. */
  strangers(text: string): string[] | undefined {
    const said = words(text);
    const unknown = said.filter((word) => !this.has(word));
    const isOut = said.length >= leastWords && unknown.length > this.most * said.length;
    return isOut ? unknown : undefined;
  }

  #isElsewhere(word: string, scene: string): boolean {
    const scenes = this.#scenesOf.get(word)!;
    return scenes.size > 1 || !scenes.has(scene);
  }
}
