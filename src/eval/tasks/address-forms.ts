import type { Source } from '../../corpus/source.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { spokenTo, titlesIn } from '../../play/addresses.ts';
import { addressForms as pronounsIn } from '../../play/pronouns.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import type { SceneTurn } from '../task.ts';
import { turnsBefore } from '../turn-windows.ts';

/** A word of a speech that calls the person it is spoken to, and what might stand there. */
export interface AddressForm {
  readonly kind: 'title' | 'thou' | 'you';
  readonly scene: string;
  readonly place: string;
  readonly speaker: string;
  /** Cast name of who is spoken to. */
  readonly addressee: string;
  /** The scene before the speech. */
  readonly context: readonly SceneTurn[];
  /** The speech up to the form, without a space after it. */
  readonly before: string;
  /** What each option may be written as, after `before`. */
  readonly options: readonly (readonly string[])[];
  /** Index of the option that is printed. */
  readonly right: number;
  /** What ends every option: the stop after a title. */
  readonly stop: string;
  /** By option: how often the speaker says it to this person in scenes of other folds, before all how often to anybody. */
  readonly habit: readonly number[];
  /** By option: how often it is said in scenes of other folds. */
  readonly frequency: readonly number[];
}

/** Words of the scene that are shown before a speech. */
const contextWords = 80;
/** Words of a speech that may stand before the form: what a longer beginning costs tells no more. */
const mostBefore = 12;
const otherTitles = 3;
/** Titles nearest in length and frequency, from which all others but the commonest are drawn. */
const nearest = 5;
/** A title said less often in the play is hardly one. */
const leastUses = 2;

/** A form as it is printed: by whom, to whom, and where. */
interface Use {
  readonly turn: Turn;
  readonly scene: string;
  readonly fold: number;
  readonly addressee: string;
  readonly context: readonly SceneTurn[];
  readonly kind: AddressForm['kind'];
  /** A title in small letters; "thou" or "you". */
  readonly form: string;
  readonly at: number;
  readonly length: number;
}

/** Every form of address of a play that can be asked about: of one character's speeches where the source names one. */
export function addressForms(source: Source): AddressForm[] {
  const uses = usesIn(source);
  const table = new Uses(uses);
  return uses.flatMap((use): AddressForm[] => {
    const { turn, scene, addressee, context, kind, at, length } = use;
    const { speaker, place, text } = turn;
    if (source.character && source.character.name !== speaker) return [];
    const before = text.slice(0, at).trimEnd();
    if (words(before).length > mostBefore) return [];
    const found = kind === 'title' ? titleOptions(use, table) : pronounOptions(use);
    if (!found) return [];
    const { forms, options } = found;
    const pair = forms.map((form) => table.count({ ...use, form }, 'pair'));
    const own = forms.map((form) => table.count({ ...use, form }, 'speaker'));
    const frequency = forms.map((form) => table.count({ ...use, form }, 'anybody'));
    const written = before === '' ? options.map((all) => all.map(capital)) : options;
    return [
      {
        ...{ kind, scene, place, speaker, addressee, context, before },
        options: written,
        right: forms.indexOf(use.form),
        stop:
          kind === 'title'
            ? (/^\s*[^\s\p{L}]/u.exec(text.slice(at + length))?.[0].trim() ?? '')
            : '',
        habit: ranked(pair, own, frequency),
        frequency,
      },
    ];
  });
}

function usesIn({ play, split }: Source): Use[] {
  return sceneTurns(play).flatMap(({ scene, turns }) =>
    turns.flatMap((turn, i) => {
      const addressee = spokenTo(turns, i);
      if (addressee === undefined) return [];
      const context = turnsBefore(turns, i, contextWords);
      const common = { turn, scene, fold: split.foldOf(scene), addressee, context };
      return [...titleIn(turn.text), ...pronounIn(turn.text)].map(
        (use): Use => ({ ...common, ...use }),
      );
    }),
  );
}

type Found = Pick<Use, 'kind' | 'form' | 'at' | 'length'>;

/** The first title of a speech. */
function titleIn(text: string): Found[] {
  const [first] = titlesIn(text);
  if (!first) return [];
  const { call, at } = first;
  return [{ kind: 'title', form: call.toLowerCase(), at, length: call.length }];
}

/** The first word for who is spoken to; a verb before it, as in "art thou", gives it away, and contractions say more. */
function pronounIn(text: string): Found[] {
  for (const match of text.matchAll(/[\p{L}'’]+/gu)) {
    const printed = match[0];
    const word = printed.toLowerCase().replaceAll('’', "'");
    if (givesAway.test(word)) return [];
    const { thou, you } = pronounsIn([word]);
    if (thou + you === 0) continue;
    if (!written.flat(2).includes(word)) return [];
    const kind = thou > 0 ? 'thou' : 'you';
    return [{ kind, form: kind, at: match.index, length: printed.length }];
  }
  return [];
}

/** Verbs that agree with thou. */
const givesAway =
  /^(?:art|wert|wast|wilt|shalt|hast|hadst|dost|didst|canst|mayst|.*(?:ould|ight|now|ay|ee|eak|ink|ear|an)'?e?st|.*'st)$/;

/** Written forms of thou and of you: of who is meant, of what is theirs, and of themselves. */
const written: readonly Options['options'][] = [
  [
    ['thou', 'thee'],
    ['you', 'ye'],
  ],
  [
    ['thy', 'thine'],
    ['your', 'yours'],
  ],
  [['thyself'], ['yourself']],
];

interface Options {
  /** By option, as uses are counted. */
  readonly forms: readonly string[];
  readonly options: readonly (readonly string[])[];
}

function pronounOptions({ turn, at, length }: Use): Options | undefined {
  const word = turn.text.slice(at, at + length).toLowerCase();
  const options = written.find((both) => both.flat().includes(word));
  return options && { forms: ['thou', 'you'], options };
}

/**
 * The title printed and three that the speaker never uses to this person, the commonest of these among them, in an order drawn
 * for the place.
 */
function titleOptions(use: Use, table: Uses): Options | undefined {
  const { form, turn } = use;
  const own = table.toAddressee(use);
  const count = table.counts.get(form)!;
  const far = (other: string, times: number): number =>
    Math.abs(other.split(' ').length - form.split(' ').length) + Math.abs(Math.log(times / count));
  const heads = new Set<string>();
  const wrong = [...table.counts].filter(
    ([other, times]) => times >= leastUses && !own.has(headOf(other)),
  );
  const [commonest, ...others] = wrong
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, 1)
    .concat(wrong.toSorted(([a, m], [b, n]) => far(a, m) - far(b, n) || (a < b ? -1 : 1)))
    .map(([other]) => other)
    .filter((other) => heads.size < heads.add(headOf(other)).size);
  if (commonest === undefined || others.length < otherTitles - 1) return undefined;
  const random = prng(seedOf('address', turn.place, form));
  const drawn = shuffled(others.slice(0, nearest), random).slice(0, otherTitles - 1);
  const forms = shuffled([form, commonest, ...drawn], random);
  return { forms, options: forms.map((one) => [one]) };
}

/** "lord" of "my good lord". */
const headOf = (title: string): string => title.split(/\s+/).at(-1)!;

/** How often forms are said, by whom and to whom. */
class Uses {
  /** By title: uses in the play. */
  readonly counts = new Map<string, number>();
  readonly #byFold = new Map<string, Map<number, number>>();
  readonly #heads = new Map<string, Set<string>>();

  constructor(uses: readonly Use[]) {
    for (const use of uses) {
      for (const whose of ['pair', 'speaker', 'anybody'] as const) {
        const key = keyOf(use, whose);
        const folds = this.#byFold.get(key) ?? new Map<number, number>();
        folds.set(use.fold, (folds.get(use.fold) ?? 0) + 1);
        this.#byFold.set(key, folds);
      }
      if (use.kind !== 'title') continue;
      this.counts.set(use.form, (this.counts.get(use.form) ?? 0) + 1);
      this.toAddressee(use).add(headOf(use.form));
    }
  }

  /** Nouns of the titles that the speaker of a use gives this person anywhere. */
  toAddressee({ turn, addressee }: Use): Set<string> {
    const key = `${turn.speaker}\n${addressee}`;
    const found = this.#heads.get(key) ?? new Set<string>();
    this.#heads.set(key, found);
    return found;
  }

  /** Uses of a form in scenes of other folds. */
  count(use: Use, whose: 'pair' | 'speaker' | 'anybody'): number {
    let sum = 0;
    for (const [fold, times] of this.#byFold.get(keyOf(use, whose)) ?? [])
      if (fold !== use.fold) sum += times;
    return sum;
  }
}

function keyOf({ form, turn, addressee }: Use, whose: 'pair' | 'speaker' | 'anybody'): string {
  if (whose === 'anybody') return form;
  return [form, turn.speaker, ...(whose === 'pair' ? [addressee] : [])].join('\n');
}

/** One score an option in which the first list counts before the second, and that before the third. */
function ranked(...lists: readonly (readonly number[])[]): number[] {
  const most = 1 + Math.max(...lists.flat());
  return lists[0]!.map((_, i) => lists.reduce((score, list) => score * most + list[i]!, 0));
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
