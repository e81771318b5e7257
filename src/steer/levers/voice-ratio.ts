import type { CastMember, Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';
import { words } from '../../play/words.ts';

/** What the prior weighs, in words: the whole play's frequencies, scaled to so many. */
const priorWords = 500;

/**
 * How much likelier words are from this character than from the others of the play, in nats a word: the mean log-ratio
 * of word frequencies, with a Dirichlet prior of the whole play.
 *
 * On a reply of fifty words it tells who speaks little better than chance (AUC .57 on the originals): good for choosing
 * between drafts that are otherwise equal, not for refusing one.
 *
 * @param play What may be learnt from: the train scenes alone.
 */
export class VoiceRatio {
  readonly #own = new Map<string, number>();
  readonly #others = new Map<string, number>();
  #nOwn = 0;
  #nOthers = 0;

  constructor(play: Play, { name }: CastMember) {
    for (const { speech } of speeches(play)) {
      const isOwn = speech.speakers.includes(name);
      const counts = isOwn ? this.#own : this.#others;
      for (const word of words(speech.lines.join('\n'))) {
        counts.set(word, (counts.get(word) ?? 0) + 1);
        if (isOwn) this.#nOwn++;
        else this.#nOthers++;
      }
    }
  }

  /** 0 for no words, and where nothing is known. */
  of(text: string): number {
    const said = words(text);
    const sum = said.reduce((total, word) => total + this.#ratio(word), 0);
    return said.length === 0 ? 0 : sum / said.length;
  }

  #ratio(word: string): number {
    const own = this.#own.get(word) ?? 0;
    const others = this.#others.get(word) ?? 0;
    const all = this.#nOwn + this.#nOthers;
    if (own + others === 0 || all === 0) return 0;
    const prior = (priorWords * (own + others)) / all;
    return (
      Math.log((own + prior) / (this.#nOwn + priorWords)) -
      Math.log((others + prior) / (this.#nOthers + priorWords))
    );
  }
}
