import { VocabularyBand } from '../../corpus/gates/vocabulary-band.ts';
import type { Source } from '../../corpus/source.ts';
import { trainPlay } from '../../corpus/splits/without-scenes.ts';
import { SpeakerCritic, wordsAndPairs } from '../../eval/speaker-critic.ts';
import { replierOf } from '../../measure/text/replier.ts';
import type { Replier } from '../../measure/text/reply-form.ts';
import { type TrainText, wholeTextOf } from '../../measure/text/train-text.ts';
import type { CastMember } from '../../play/play.ts';
import { addressForms } from '../../play/pronouns.ts';
import { words } from '../../play/words.ts';
import { quantile, Ranks } from './ranks.ts';
import type { Original } from './reply.ts';

/** In words: shorter replies say nothing, longer ones nobody waits for. */
const [leastWords, mostWords] = [4, 120];

/** How often somebody is called thou, and how often you. */
interface Pronouns {
  readonly thou: number;
  readonly you: number;
}

/**
 * What replies of a character are held against: its own speeches and those of the others in the scenes for training, and
 * nothing of any other scene.
 */
export class RewardedCharacter {
  readonly name: string;
  readonly replier: Replier;
  /** All that is said in the scenes for training. */
  readonly text: TrainText;
  readonly vocabulary: VocabularyBand;
  /** Characters that the play is printed with. */
  readonly printed: ReadonlySet<string>;
  /** Words of a speech: where replies may lie, and where they had best lie. */
  readonly lengths: {
    readonly least: number;
    readonly low: number;
    readonly high: number;
    readonly most: number;
  };
  /** Nats a byte. */
  readonly surprise: { readonly least: number; readonly most: number };
  /** Words of address among all words, at most. */
  readonly mostPronouns: number;
  readonly wordRanks: Ranks;
  readonly labelRanks: Ranks;
  readonly aptRanks: Ranks;
  readonly #critic: SpeakerCritic;
  readonly #pronouns = new Map<string | undefined, Pronouns>();

  /**
   * @param originals Speeches of the character in the scenes for training.
   * @throws {RangeError} For no originals, or none with a criticism.
   */
  constructor(source: Source, character: CastMember, originals: readonly Original[]) {
    const play = trainPlay(source.play, source.split);
    const shown: Source = { ...source, play };
    this.name = character.name;
    this.replier = replierOf(play, character);
    this.text = wholeTextOf(shown);
    this.vocabulary = new VocabularyBand(shown);
    this.printed = new Set(this.text.speeches.flatMap(({ lines }) => [...lines.join('')]));
    this.#critic = new SpeakerCritic(shown, wordsAndPairs);
    const said = originals.map((one) => ({ ...one, words: words(one.text) }));
    const lengths = said.map((one) => one.words.length);
    this.lengths = {
      least: Math.max(leastWords, quantile(lengths, 0.05)),
      low: quantile(lengths, 0.25),
      high: quantile(lengths, 0.75),
      most: Math.min(mostWords, quantile(lengths, 0.95)),
    };
    const criticised = said.flatMap(({ words: own, criticism }) =>
      criticism ? [{ words: own.length, ...criticism }] : [],
    );
    const surprises = criticised.map(({ surprise }) => surprise);
    this.surprise = { least: quantile(surprises, 0.01), most: quantile(surprises, 0.99) };
    this.wordRanks = new Ranks(
      said.map(({ text, scene, words: own }) => ({
        words: own.length,
        value: this.wordNats(text, scene),
      })),
    );
    this.labelRanks = new Ranks(criticised.map((one) => ({ ...one, value: one.label })));
    this.aptRanks = new Ranks(criticised.map((one) => ({ ...one, value: one.apt })));
    const forms = said.map((one) => ({ ...addressForms(one.words), ...one }));
    this.mostPronouns = quantile(
      forms.map((one) => (one.thou + one.you) / Math.max(leastWords, one.words.length)),
      0.95,
    );
    for (const { addressee, thou, you } of forms)
      for (const whom of new Set([undefined, addressee])) {
        const sum = this.#pronouns.get(whom) ?? { thou: 0, you: 0 };
        this.#pronouns.set(whom, { thou: sum.thou + thou, you: sum.you + you });
      }
  }

  /**
   * By how much the words alone are likelier from the character than from anybody else, in nats a feature; 0 for words that
   * nobody says.
   *
   * @param scene Where they stand: what was said in the scenes of its fold is not read. All is read for a visitor's question.
   */
  wordNats(text: string, scene: string | undefined): number {
    const { nats, grams } = this.#critic.judge(text, this.name, scene);
    return grams === 0 ? 0 : nats / grams;
  }

  /** Share of thou among the words of address that the character has for somebody, or for anybody; undefined for none. */
  thouTo(addressee: string | undefined): number | undefined {
    for (const whom of [addressee, undefined]) {
      const { thou, you } = this.#pronouns.get(whom) ?? { thou: 0, you: 0 };
      if (thou + you > 0) return thou / (thou + you);
    }
    return undefined;
  }
}
