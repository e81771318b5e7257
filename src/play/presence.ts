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
    const absent = speakers
      .filter((member) => !this.#onStage.has(member) && !isCollective(member.name))
      .map((member) => ({ member, why: this.#whyAbsent(at) }))
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
  #whyAbsent(at: number): 'offstage' | 'unannounced' {
    const near = [this.#cues[at - 1], this.#cues[at + 1]];
    const within = near.some(
      (cue) => cue?.kind === 'direction' && cue.piece.inline && unseen.test(cue.piece.text),
    );
    return within ? 'offstage' : 'unannounced';
  }

  #direction(piece: DirectionPiece, at: number): Staged {
    const before = new Set(this.#onStage);
    for (const clause of clauses(piece.text, this.#opening)) this.#apply(clause, at);
    return {
      present: [],
      enters: [...this.#onStage].filter((member) => !before.has(member)),
      exits: [...before].filter((member) => !this.#onStage.has(member)),
      absent: [],
    };
  }

  #apply(clause: Clause, at: number): void {
    if (clause.move === 'enter') this.#enter(clause, at);
    else if (clause.move === 'exit') this.#leave(this.#leaving(clause, at));
    else if (clause.move === 'die') this.#leave(this.#named(clause.who, at));
    else if (clause.move === 'stay')
      for (const member of this.#index.find(clause.who, this.#speaking).members)
        this.#onStage.add(member);
  }

  #enter(clause: Clause, at: number): void {
    const soon = new Set(
      [...this.#speaking].filter(
        (member) => !this.#onStage.has(member) && this.#nextSpeech(member, at),
      ),
    );
    const likely = soon.size > 0 ? soon : this.#speaking;
    const { members, crowd } = this.#index.find(clause.who, likely);
    for (const member of members) this.#onStage.add(member);
    this.#crowd ||= crowd;
  }

  #leaving(clause: Clause, at: number): readonly Member[] {
    if (clause.but) {
      const staying = this.#index.find(clause.but, this.#onStage).members;
      return [...this.#onStage].filter((member) => !staying.includes(member));
    }
    const { members, stranger } = this.#index.find(clause.who, this.#onStage);
    const all = /\b(?:all|the rest|omnes)\b/i.test(clause.who);
    if (members.length > 0 && !all) return members;
    return stranger && !all ? [] : this.#named(clause.who, at);
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
    if (/\b(?:exeunt|they|all|both|omnes)\b/i.test(text)) return [...this.#onStage].filter(goes);
    const speakers = this.#lastSpeakers.filter(goes);
    return speakers.length > 0 ? speakers : this.#previousSpeakers.filter(goes).slice(0, 1);
  }

  /** The member speaks again after this cue before being brought on again. */
  #speaksOn(member: Member, at: number): boolean {
    for (const cue of this.#cues.slice(at + 1)) {
      if (cue.kind === 'speech') {
        if (cue.speakers.includes(member)) return true;
        continue;
      }
      for (const clause of clauses(cue.piece.text, false))
        if (
          clause.move === 'enter' &&
          this.#index.find(clause.who, new Set([member])).members.includes(member)
        )
          return false;
    }
    return false;
  }

  #nextSpeech(member: Member, at: number): boolean {
    return this.#cues
      .slice(at + 1)
      .some((cue) => cue.kind === 'speech' && cue.speakers.includes(member));
  }
}

const minorRole =
  /(?:LORDS?|LADY|LADIES|GENTLEM[AE]N|GENTLEWOMAN|MESSENGER|SERVANTS?|ATTENDANTS?|OFFICERS?|SOLDIERS?|CITIZENS?|MURDERER|WITCH|PLAYER|CLOWN|SAILOR|DANES|CAPTAIN|PAGE|BOY|GUARD|SENATORS?|TRIBUNES?|FAIRY|SPIRIT|NOBLES?|PEOPLE|KNIGHT|PRIEST|FRIENDS?|AMBASSADOR)S?$/;

/** A person without a name of their own, who may be one of "Lords, Attendants, and others". */
function isMinor(member: Member): boolean {
  return minorRole.test(member.name);
}
