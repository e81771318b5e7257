import type { Member } from './cast.ts';
import { type Clause, clauses } from './direction.ts';
import { isCollective } from './label.ts';
import type { MentionIndex } from './mention.ts';
import type { DirectionPiece } from './piece.ts';

/** A speech or direction of a scene whose speakers are known. */
export type Cue =
  | { readonly kind: 'speech'; readonly speakers: readonly Member[]; readonly line: number }
  | { readonly kind: 'direction'; readonly piece: DirectionPiece };

/** What replaying a scene found out about one cue. */
export interface Staged {
  /** Of a speech: who is on stage while it is spoken. */
  readonly present: readonly Member[];
  readonly enters: readonly Member[];
  readonly exits: readonly Member[];
  /** Speakers of a speech who were not on stage by the directions, and how that was taken. */
  readonly absent: readonly { readonly member: Member; readonly why: 'offstage' | 'unannounced' }[];
}

/** A voice that is heard without its speaker being there. */
const unseen = /\b(?:within|beneath|off ?stage|under the stage|without|from below|cellarage)\b/i;

/**
 * Replays the entrances and exits of one scene, which starts with an empty stage.
 *
 * A direction that names nobody ("Exit", "Exeunt") is read with what comes after it: nobody leaves
 * who speaks on without coming back first. Who speaks without having come on is taken as on stage
 * from there, and reported as `unannounced`, unless the voice comes from within.
 *
 * Who dies leaves the stage: presence is what the living can have heard.
 */
export function replay(cues: readonly Cue[], index: MentionIndex): Staged[] {
  return new SceneReplay(cues, index).run();
}

class SceneReplay {
  readonly #cues: readonly Cue[];
  readonly #index: MentionIndex;
  readonly #speaking: ReadonlySet<Member>;
  readonly #onStage = new Set<Member>();
  /** Unnamed people are on stage: "Lords, Attendants, and others". */
  #crowd = false;
  #opening = true;
  #lastSpeakers: readonly Member[] = [];
  #previousSpeakers: readonly Member[] = [];
  /** Who has come on since the last speech. */
  #newcomers = new Set<Member>();

  constructor(cues: readonly Cue[], index: MentionIndex) {
    this.#cues = cues;
    this.#index = index;
    this.#speaking = new Set(cues.flatMap((cue) => (cue.kind === 'speech' ? cue.speakers : [])));
  }

  run(): Staged[] {
    return this.#cues.map((cue, at) =>
      cue.kind === 'speech' ? this.#speech(cue.speakers, at) : this.#direction(cue.piece, at),
    );
  }

  #speech(speakers: readonly Member[], at: number): Staged {
    this.#opening = false;
    this.#newcomers = new Set();
    const absent = speakers
      .filter((member) => !this.#onStage.has(member) && !isCollective(member.name))
      .map((member) => ({
        member,
        why: this.#isUnseen(at) ? ('offstage' as const) : ('unannounced' as const),
      }))
      .filter(({ member, why }) => !(why === 'unannounced' && this.#crowd && isMinor(member)));
    const unannounced = absent
      .filter(({ why }) => why === 'unannounced')
      .map(({ member }) => member);
    const offstage = new Set(
      absent.filter(({ why }) => why === 'offstage').map(({ member }) => member),
    );
    for (const member of speakers)
      if (!offstage.has(member) && !isCollective(member.name)) this.#onStage.add(member);
    if (speakers.some((member) => !this.#lastSpeakers.includes(member)))
      this.#previousSpeakers = this.#lastSpeakers;
    this.#lastSpeakers = speakers;
    const heard = speakers.filter((member) => isCollective(member.name));
    return { present: [...this.#onStage, ...heard], enters: unannounced, exits: [], absent };
  }

  /** A direction next to the speech says that the voice comes from within. */
  #isUnseen(at: number): boolean {
    return [this.#cues[at - 1], this.#cues[at + 1]].some(
      (cue) => cue?.kind === 'direction' && cue.piece.inline && unseen.test(cue.piece.text),
    );
  }

  #direction(piece: DirectionPiece, at: number): Staged {
    const before = new Set(this.#onStage);
    if (piece.enters || piece.exits) this.#marked(piece);
    else for (const clause of clauses(piece.text, this.#opening)) this.#apply(clause, at);
    const enters = [...this.#onStage].filter((member) => !before.has(member));
    this.#newcomers = new Set([...this.#newcomers, ...enters]);
    return {
      present: [],
      enters,
      exits: [...before].filter((member) => !this.#onStage.has(member)),
      absent: [],
    };
  }

  /** Movements that the markup gives by name. */
  #marked({ text, enters = [], exits = [] }: DirectionPiece): void {
    for (const name of enters)
      for (const member of this.#index.named(name)) this.#onStage.add(member);
    this.#leave(exits.flatMap((name) => this.#index.named(name)));
    this.#crowd ||= this.#index.find(text, this.#onStage).crowd;
  }

  #apply(clause: Clause, at: number): void {
    if (clause.move === 'enter') this.#enter(clause, at);
    else if (clause.move === 'exit') this.#leave(this.#leaving(clause, at));
    else if (clause.move === 'die') this.#leave(this.#named(clause.who, at));
    else if (clause.move === 'stay')
      for (const member of this.#index.find(clause.who, this.#speaking).members)
        this.#onStage.add(member);
    else this.#appear(clause, at);
  }

  /** "Thunder. First Apparition: an armed Head": who is named off stage and speaks next has come on. */
  #appear(clause: Clause, at: number): void {
    const next = this.#cues.slice(at + 1).find((cue) => cue.kind === 'speech');
    if (next?.kind !== 'speech' || this.#cues[at + 1] !== next) return;
    const cue = this.#cues[at]!;
    if (cue.kind === 'direction' && cue.piece.inline) return;
    for (const member of this.#index.find(clause.who, new Set(next.speakers)).members)
      if (next.speakers.includes(member)) this.#onStage.add(member);
  }

  #enter(clause: Clause, at: number): void {
    const { members, crowd } = this.#index.find(clause.who, this.#expected(at));
    for (const member of members) this.#onStage.add(member);
    this.#crowd ||= crowd;
  }

  /** Who may come on here: those off stage who speak later, the soonest first, or else whoever speaks in the scene. */
  #expected(at: number): ReadonlySet<Member> {
    const soon = new Set<Member>();
    for (const cue of this.#cues.slice(at + 1))
      if (cue.kind === 'speech')
        for (const member of cue.speakers) if (!this.#onStage.has(member)) soon.add(member);
    return soon.size > 0 ? soon : this.#speaking;
  }

  #leaving(clause: Clause, at: number): readonly Member[] {
    if (clause.but) return this.#allBut(clause);
    const { members, stranger } = this.#index.find(clause.who, this.#onStage);
    const all = /\b(?:all|the rest|omnes)\b/i.test(clause.who);
    if (members.length > 0 && !all) return members;
    return stranger && !all ? [] : this.#named(clause.who, at);
  }

  /** "Exeunt all but HAMLET", "Exeunt all the Players but the First". */
  #allBut({ who, but }: Clause): readonly Member[] {
    const staying = this.#index.find(but, this.#onStage).members;
    const group = this.#index.find(who, this.#onStage);
    const ordinal = /\bthe (first|second|third)\b/i.exec(but)?.[1]?.toUpperCase();
    const leaving = group.members.length > 0 || group.crowd ? group.members : [...this.#onStage];
    return leaving.filter(
      (member) => !staying.includes(member) && !(ordinal && member.name.startsWith(ordinal)),
    );
  }

  #leave(members: readonly Member[]): void {
    for (const member of members) this.#onStage.delete(member);
    if (this.#onStage.size === 0) this.#crowd = false;
  }

  /** Who a movement is about that perhaps names nobody: "Exit" the speaker, "Exeunt" all, nobody who speaks on. */
  #named(who: string, at: number): readonly Member[] {
    const { members } = this.#index.find(who, this.#onStage);
    if (members.length > 0) return members;
    const cue = this.#cues[at]!;
    const text = cue.kind === 'direction' ? cue.piece.text : '';
    const goes = (member: Member): boolean =>
      this.#onStage.has(member) && !this.#speaksOn(member, at);
    if (/\b(?:exeunt|they|all|both|omnes)\b/i.test(text)) {
      // A show that comes and goes between two speeches leaves those alone who watch it.
      const show = [...this.#newcomers].filter((member) => this.#onStage.has(member));
      const watched =
        show.length > 0 && show.length < this.#onStage.size && this.#speechFollows(at);
      return (watched ? show : [...this.#onStage]).filter(goes);
    }
    const speakers = this.#lastSpeakers.filter(goes);
    return speakers.length > 0 ? speakers : this.#previousSpeakers.filter(goes).slice(0, 1);
  }

  #speechFollows(at: number): boolean {
    return this.#cues.slice(at + 1).some(({ kind }) => kind === 'speech');
  }

  /** The member speaks again after this cue before being brought on again. */
  #speaksOn(member: Member, at: number): boolean {
    // A name that others fit who are off stage brings on one of them.
    const likely = new Set([...this.#speaking].filter((other) => !this.#onStage.has(other)));
    likely.add(member);
    for (let i = at + 1; i < this.#cues.length; i++) {
      const cue = this.#cues[i]!;
      if (cue.kind === 'speech') {
        if (cue.speakers.includes(member)) return !this.#isUnseen(i);
      } else if (this.#bringsOn(cue.piece, member, likely)) return false;
    }
    return false;
  }

  #bringsOn(
    { text, enters }: DirectionPiece,
    member: Member,
    likely: ReadonlySet<Member>,
  ): boolean {
    if (enters) return enters.some((name) => this.#index.named(name).includes(member));
    return clauses(text, false).some(
      ({ move, who }) => move === 'enter' && this.#index.find(who, likely).members.includes(member),
    );
  }
}

const minorRole =
  /(?:LORDS?|LADY|LADIES|GENTLEM[AE]N|GENTLEWOMAN|MESSENGER|SERVANTS?|ATTENDANTS?|OFFICERS?|SOLDIERS?|CITIZENS?|MURDERER|WITCH|PLAYER|CLOWN|SAILOR|DANES|CAPTAIN|PAGE|BOY|GUARD|SENATORS?|TRIBUNES?|FAIRY|SPIRIT|NOBLES?|PEOPLE|KNIGHT|PRIEST|FRIENDS?|AMBASSADOR)S?$/;

/** A person without a name of their own, who may be one of "Lords, Attendants, and others". */
function isMinor(member: Member): boolean {
  return minorRole.test(member.name);
}
