import { numeral } from '../formats/numeral.ts';
import type { Member } from './cast.ts';
import { normalName, respelled, roleOf, singular } from './label.ts';

/** Who a phrase of a direction names. */
export interface Mentions {
  readonly members: readonly Member[];
  /** "others", "Attendants", "the rest": people come or go whom it does not name. */
  readonly crowd: boolean;
  /** Something with a capital that is nobody of the cast. */
  readonly stranger: boolean;
}

/** The longest name in words that is looked for. */
const maxNameWords = 5;
const crowdWord =
  /^(?:others?|attendants?|attended|rest|train|trains|followers|company|soldiers|army|forces|lords|ladies|gentlemen|servants|officers|courtiers|etc|guards?|crew|nobles|citizens|senators|people|men|power|powers|drum|colours|messengers|sailors|danes|players|murderers|witches)$/i;
/** "the body of X", "X's head": X is not one of those who move. */
const belongings =
  /^(?:body|bodies|head|ghost|corpse|corse|coffin|house|name|picture|image|son|daughter|wife|sister|brother|man|servant|grave|hearse|front|tent)$/i;
const smallNumber = /^(?:a|an|the|other|another|some|\d|two|three|four|five|six|seven|eight)$/i;

/** Words of a name that name nobody by themselves. */
const saysNothing = (run: string): boolean =>
  /^(?:OF|THE|AND|FIRST|SECOND|THIRD|FOURTH|FIFTH|SIXTH|OLD|YOUNG)$/.test(run);

/** Finds the members of a cast in the words of directions. */
export class MentionIndex {
  /** Every run of words of every name → the members whose name has it. */
  readonly #runs = new Map<string, Set<Member>>();
  readonly #roles = new Map<string, Set<Member>>();

  constructor(members: readonly Member[]) {
    for (const member of members) {
      const { names, short, known } = member;
      // Who is only ever labelled in short is still named in full by directions.
      for (const name of names.size > 0 ? names : [member.name]) this.#addRuns(name, member);
      // Other names count as a whole only: "PLAYERS PROLOGUE" must not make "Players" the prologue.
      for (const name of [...short, known?.name ?? '', ...(known?.aliases ?? [])])
        if (name.length > 2) add(this.#runs, name.replaceAll('.', ''), member);
    }
  }

  #addRuns(name: string, member: Member): void {
    const tokens = name.replaceAll('.', '').split(' ');
    add(this.#roles, roleOf(name), member);
    for (let from = 0; from < tokens.length; from++)
      for (let to = from + 1; to <= tokens.length; to++) {
        const run = tokens.slice(from, to).join(' ');
        if (run.length > 2 && !saysNothing(run)) add(this.#runs, run, member);
      }
  }

  /** The members whose name is exactly this. */
  named(name: string): readonly Member[] {
    const run = normalName(name);
    return [...(this.#runs.get(run.replaceAll('.', '')) ?? [])].filter(
      (member) => member.names.has(run) || member.name === run || member.short.has(run),
    );
  }

  /**
   * @param likely  Those it probably means where a name fits several, the likeliest first.
   */
  find(phrase: string, likely: ReadonlySet<Member>): Mentions {
    const tokens = tokensOf(phrase);
    const members = new Set<Member>();
    let stranger = false;
    for (let at = 0; at < tokens.length; ) {
      const found = this.#at(tokens, at, likely);
      if (found) {
        for (const member of found.members) members.add(member);
        at += found.length;
      } else {
        stranger ||= /^\p{Lu}/u.test(tokens[at]!);
        at++;
      }
    }
    const crowd = tokens.some((token) => crowdWord.test(token));
    return { members: [...members], crowd, stranger };
  }

  #at(
    tokens: readonly string[],
    at: number,
    likely: ReadonlySet<Member>,
  ): { members: readonly Member[]; length: number } | undefined {
    const first = tokens[at]!;
    const before = tokens[at - 1] ?? '';
    const capital = /^\p{Lu}/u.test(first);
    // "young Siward": small letters may begin a name, but are none by themselves.
    const least = capital || smallNumber.test(before) ? 1 : 2;
    if (least > 1 && !/^\p{Lu}/u.test(tokens[at + 1] ?? '')) return undefined;
    for (let length = Math.min(maxNameWords, tokens.length - at); length >= least; length--) {
      const last = tokens[at + length - 1]!;
      const owned = /'s?$/i.test(last);
      const run = tokens
        .slice(at, at + length)
        .map(respelled)
        .join(' ');
      const whole = this.#runs.get(run);
      const plain = owned ? this.#runs.get(run.replace(/'S?$/, '')) : undefined;
      // "MACBETH's head": whose it is does not move.
      if (plain) return { members: [], length };
      if (whole) return { members: this.#unless(tokens, at, narrow(run, whole, likely)), length };
    }
    return least > 1 ? undefined : this.#group(first, before, likely);
  }

  /** "three Witches", "Murderers": those of the role who are likely, as many as it says. */
  #group(
    word: string,
    before: string,
    likely: ReadonlySet<Member>,
  ): { members: readonly Member[]; length: number } | undefined {
    const upper = word.toUpperCase();
    const role = singular(upper);
    const members = this.#roles.get(role) ?? this.#roles.get(singular(upper.replace(/^.*-/, '')));
    if (!members) return undefined;
    const there = [...members].filter((member) => likely.has(member));
    const count = role === upper ? 1 : (numeral(before) ?? Infinity);
    return { members: there.slice(0, Math.max(count, 1)), length: 1 };
  }

  #unless(tokens: readonly string[], at: number, members: readonly Member[]): readonly Member[] {
    return /^of$/i.test(tokens[at - 1] ?? '') && belongings.test(tokens[at - 2] ?? '')
      ? []
      : members;
  }
}

/** Where a name fits several: the likely one whose whole name it is, else the likeliest, else whose whole name it is. */
function narrow(
  name: string,
  members: ReadonlySet<Member>,
  likely: ReadonlySet<Member>,
): readonly Member[] {
  if (members.size === 1) return [...members];
  const exact = [...members].filter((member) => member.names.has(name));
  const there = [...likely].filter((member) => members.has(member));
  const best = there.find((member) => exact.includes(member)) ?? there[0] ?? exact[0];
  return best ? [best] : [];
}

function tokensOf(phrase: string): readonly string[] {
  const text = phrase.replace(/[’‘]/g, "'").replace(/ 's\b/g, "'s");
  return text.match(/[\p{L}\d][\p{L}\d'-]*/gu) ?? [];
}

function add<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
