import type { Member } from './cast/cast.ts';
import { isCollective } from './cast/label.ts';
import type { MentionIndex } from './cast/mention.ts';
import { type Clause, clauses } from './direction.ts';
import type { DirectionPiece } from './formats/piece.ts';
import { type Cue, SceneOutlook } from './scene-outlook.ts';

/** What replaying a scene found out about one cue. */
export interface Staged {
  /** Names of those on stage while a speech is spoken, sorted. */
  readonly present: readonly string[];
  readonly enters: readonly Member[];
  readonly exits: readonly Member[];
  /** Speakers of a speech who were not on stage by the directions, and how that was taken. */
  readonly absent: readonly Absence[];
}

/** `offstage`: the voice comes from within. `unannounced`: taken as having come on before the speech. */
export interface Absence {
  readonly member: Member;
  readonly why: 'offstage' | 'unannounced';
}

/** More than any stage holds; keeps the work of a hostile text linear. */
const maxOnStage = 200;

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
  const scene = new SceneReplay(cues, index);
  return cues.map((cue, at) =>
    cue.kind === 'speech' ? scene.speech(cue.speakers, at) : scene.direction(cue.piece, at),
  );
}

/** The stage as it stands after the cues replayed so far. */
class SceneReplay {
  readonly #index: MentionIndex;
  readonly #outlook: SceneOutlook;
  readonly #onStage = new Set<Member>();
  /** Their names, sorted, until somebody comes or goes: speeches in between share them. */
  #names: readonly string[] | undefined;
  /** Unnamed people are on stage: "Lords, Attendants, and others". */
  #crowd = false;
  #opening = true;
  #lastSpeakers: readonly Member[] = [];
  #previousSpeakers: readonly Member[] = [];
  /** Who has come on since the last speech. */
  #newcomers = new Set<Member>();

  constructor(cues: readonly Cue[], index: MentionIndex) {
    this.#index = index;
    this.#outlook = new SceneOutlook(cues, index);
  }

  speech(speakers: readonly Member[], at: number): Staged {
    this.#opening = false;
    if (this.#newcomers.size > 0) this.#newcomers = new Set();
    const persons = speakers.filter((member) => !isCollective(member.name));
    const missing = persons.filter((member) => !this.#onStage.has(member));
    const why = missing.length > 0 && this.#outlook.isUnseen(at) ? 'offstage' : 'unannounced';
    if (why === 'unannounced') for (const member of missing) this.#comeOn(member);
    if (speakers.some((member) => !this.#lastSpeakers.includes(member)))
      this.#previousSpeakers = this.#lastSpeakers;
    this.#lastSpeakers = speakers;
    const absent = missing
      .filter((member) => !(why === 'unannounced' && this.#crowd && isMinor(member)))
      .map((member) => ({ member, why }) as const);
    return { present: this.#present(speakers), enters: [], exits: [], absent };
  }

  direction(piece: DirectionPiece, at: number): Staged {
    const before = new Set(this.#onStage);
    if (piece.enters || piece.exits) this.#marked(piece);
    else for (const clause of clauses(piece.text, this.#opening)) this.#apply(clause, piece, at);
    const enters = [...this.#onStage].filter((member) => !before.has(member));
    for (const member of enters) this.#newcomers.add(member);
    const exits = [...before].filter((member) => !this.#onStage.has(member));
    return { present: [], enters, exits, absent: [] };
  }

  /** Those on stage, and "ALL" and its like where they speak. */
  #present(speakers: readonly Member[]): readonly string[] {
    this.#names ??= [...this.#onStage].map(({ name }) => name).sort();
    const chorus = speakers.filter(({ name }) => isCollective(name)).map(({ name }) => name);
    return chorus.length === 0 ? this.#names : [...this.#names, ...chorus].sort();
  }

  #comeOn(member: Member): void {
    if (this.#onStage.size >= maxOnStage || this.#onStage.has(member)) return;
    this.#onStage.add(member);
    this.#names = undefined;
  }

  #leave(members: readonly Member[]): void {
    for (const member of members) if (this.#onStage.delete(member)) this.#names = undefined;
    if (this.#onStage.size === 0) this.#crowd = false;
  }

  /** Movements that the markup gives by name. */
  #marked({ text, enters = [], exits = [] }: DirectionPiece): void {
    for (const name of enters) for (const member of this.#index.named(name)) this.#comeOn(member);
    this.#leave(exits.flatMap((name) => this.#index.named(name)));
    this.#crowd ||= this.#index.find(text, this.#onStage).crowd;
  }

  #apply(clause: Clause, piece: DirectionPiece, at: number): void {
    if (clause.move === 'enter') this.#enter(clause, at);
    else if (clause.move === 'exit') this.#leave(this.#leaving(clause, piece, at));
    else if (clause.move === 'die') this.#leave(this.#named(clause.who, piece, at));
    else if (clause.move === 'stay') {
      const speaking = new Set(this.#outlook.speakers());
      for (const member of this.#index.find(clause.who, speaking).members) this.#comeOn(member);
    } else if (!piece.inline) this.#appear(clause, at);
  }

  /** "Thunder. First Apparition: an armed Head": who is named off stage and speaks next has come on. */
  #appear(clause: Clause, at: number): void {
    const next = this.#outlook.speakersAfter(at);
    if (next.length === 0) return;
    for (const member of this.#index.find(clause.who, new Set(next)).members)
      if (next.includes(member)) this.#comeOn(member);
  }

  #enter(clause: Clause, at: number): void {
    const soon = this.#outlook.soonest(at, this.#onStage);
    const likely = soon.size > 0 ? soon : new Set(this.#outlook.speakers());
    const { members, crowd } = this.#index.find(clause.who, likely);
    for (const member of members) this.#comeOn(member);
    this.#crowd ||= crowd;
  }

  #leaving(clause: Clause, piece: DirectionPiece, at: number): readonly Member[] {
    if (clause.but) return this.#allBut(clause);
    const { members, stranger } = this.#index.find(clause.who, this.#onStage);
    const all = /\b(?:all|the rest|omnes)\b/i.test(clause.who);
    if (members.length > 0 && !all) return members;
    return stranger && !all ? [] : this.#named(clause.who, piece, at);
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

  /** Who a movement is about that perhaps names nobody: "Exit" the speaker, "Exeunt" all, nobody who speaks on. */
  #named(who: string, { text }: DirectionPiece, at: number): readonly Member[] {
    const { members } = this.#index.find(who, this.#onStage);
    if (members.length > 0) return members;
    const goes = (member: Member): boolean =>
      this.#onStage.has(member) && !this.#outlook.speaksOn(member, at, this.#onStage);
    if (/\b(?:exeunt|they|all|both|omnes)\b/i.test(text)) {
      // A show that comes and goes between two speeches leaves those alone who watch it.
      const show = [...this.#newcomers].filter((member) => this.#onStage.has(member));
      const watched =
        show.length > 0 && show.length < this.#onStage.size && this.#outlook.speechFollows(at);
      return (watched ? show : [...this.#onStage]).filter(goes);
    }
    const speakers = this.#lastSpeakers.filter(goes);
    return speakers.length > 0 ? speakers : this.#previousSpeakers.filter(goes).slice(0, 1);
  }
}

const minorRole =
  /(?:LORDS?|LADY|LADIES|GENTLEM[AE]N|GENTLEWOMAN|MESSENGER|SERVANTS?|ATTENDANTS?|OFFICERS?|SOLDIERS?|CITIZENS?|MURDERER|WITCH|PLAYER|CLOWN|SAILOR|DANES|CAPTAIN|PAGE|BOY|GUARD|SENATORS?|TRIBUNES?|FAIRY|SPIRIT|NOBLES?|PEOPLE|KNIGHT|PRIEST|FRIENDS?|AMBASSADOR)S?$/;

/** A person without a name of their own, who may be one of "Lords, Attendants, and others". */
function isMinor(member: Member): boolean {
  return minorRole.test(member.name);
}
