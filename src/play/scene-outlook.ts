import type { Member } from './cast/cast.ts';
import type { MentionIndex } from './cast/mention.ts';
import { type Clause, clauses } from './direction.ts';
import type { DirectionPiece } from './formats/piece.ts';

/** A speech or direction of a scene whose speakers are known. */
export type Cue =
  | { readonly kind: 'speech'; readonly speakers: readonly Member[]; readonly line: number }
  | { readonly kind: 'direction'; readonly piece: DirectionPiece };

/** A voice that is heard without its speaker being there. */
const unseen =
  /\b(?:within|beneath|off[- ]?(?:stage|screen)|under the stage|without|from below|cellarage|o\.s|v\.o|voice[- ]over)\b/i;
/** How many cues ahead one looks for who may come on. */
const horizon = 1000;
/** How many directions may be looked at again, for each cue of a scene: keeps hostile texts linear. */
const looksPerCue = 100;

/** What comes after each cue of a scene: who speaks next, and who is brought on before. */
export class SceneOutlook {
  readonly #cues: readonly Cue[];
  readonly #index: MentionIndex;
  readonly #clauses = new Map<number, readonly Clause[]>();
  /** Member → the cues that are speeches of theirs, in order. */
  readonly #speeches = new Map<Member, number[]>();
  #looks: number;
  #lastSpeech = -1;

  constructor(cues: readonly Cue[], index: MentionIndex) {
    this.#cues = cues;
    this.#index = index;
    this.#looks = looksPerCue * (cues.length + 100);
    cues.forEach((cue, at) => {
      if (cue.kind === 'speech') this.#lastSpeech = at;
      if (cue.kind === 'speech')
        for (const member of cue.speakers) {
          const known = this.#speeches.get(member);
          if (known) known.push(at);
          else this.#speeches.set(member, [at]);
        }
    });
  }

  /** Everybody who speaks in the scene. */
  speakers(): Iterable<Member> {
    return this.#speeches.keys();
  }

  /** Those who are not among `here` and speak after a cue, the soonest first. */
  soonest(at: number, here: ReadonlySet<Member>): Set<Member> {
    const soon = new Set<Member>();
    for (const cue of this.#cues.slice(at + 1, at + horizon))
      if (cue.kind === 'speech')
        for (const member of cue.speakers) if (!here.has(member)) soon.add(member);
    return soon;
  }

  /** The speakers of a speech that follows a direction at once. */
  speakersAfter(at: number): readonly Member[] {
    const next = this.#cues[at + 1];
    return next?.kind === 'speech' ? next.speakers : [];
  }

  /** Anybody speaks after this cue. */
  speechFollows(at: number): boolean {
    return this.#lastSpeech > at;
  }

  /**
   * The member speaks again, seen, after this cue before being brought on again.
   *
   * @param here Who is on stage: a name that others fit who are not brings on one of those.
   */
  speaksOn(member: Member, at: number, here: ReadonlySet<Member>): boolean {
    const next = firstAfter(this.#speeches.get(member) ?? [], at);
    if (next === undefined || this.isUnseen(next)) return false;
    const likely = new Set([...this.speakers()].filter((other) => !here.has(other)));
    likely.add(member);
    for (let i = at + 1; i < next && this.#looks > 0; i++) {
      const cue = this.#cues[i]!;
      if (cue.kind === 'direction' && this.#bringsOn(cue.piece, i, member, likely)) return false;
    }
    return true;
  }

  /** A direction next to the speech says that the voice comes from within. */
  isUnseen(at: number): boolean {
    return [this.#cues[at - 1], this.#cues[at + 1]].some(
      (cue) => cue?.kind === 'direction' && cue.piece.inline && unseen.test(cue.piece.text),
    );
  }

  #bringsOn(
    { text, enters }: DirectionPiece,
    at: number,
    member: Member,
    likely: ReadonlySet<Member>,
  ): boolean {
    this.#looks--;
    if (enters) return enters.some((name) => this.#index.named(name).includes(member));
    let found = this.#clauses.get(at);
    if (!found) {
      found = clauses(text, false);
      this.#clauses.set(at, found);
    }
    return found.some(
      ({ move, who }) => move === 'enter' && this.#index.find(who, likely).members.includes(member),
    );
  }
}

/** The first of some ascending numbers that is greater. */
function firstAfter(ascending: readonly number[], at: number): number | undefined {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return ascending[low];
}
