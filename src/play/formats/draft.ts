import type { Warning } from '../play.ts';
import { words } from '../words.ts';
import type {
  DirectionPiece,
  HeadingPiece,
  LabelPiece,
  PersonPiece,
  Piece,
  WordsPiece,
} from './piece.ts';

/** A speech, or the part of one between two directions, before anybody knows who the label means. */
interface DraftSpeech {
  readonly kind: 'speech';
  readonly label: LabelPiece;
  readonly lines: WordsPiece[];
  readonly continued: boolean;
  readonly line: number;
}

export type DraftElement = DraftSpeech | DirectionPiece;

export interface DraftScene {
  readonly number: number;
  readonly heading: string;
  readonly elements: DraftElement[];
}

interface DraftAct {
  readonly number: number;
  readonly heading: string;
  readonly scenes: DraftScene[];
}

/** The pieces of a play in their places. */
export interface Draft {
  readonly title: string | undefined;
  readonly acts: DraftAct[];
  /** The cast list as printed, an entry each. */
  readonly castList: { readonly text: string; readonly line: number }[];
  /** What is neither speech, direction, heading nor cast list. */
  readonly boilerplate: { readonly text: string; readonly line: number }[];
  /** Those whom the markup lists with ids. */
  readonly persons: PersonPiece[];
  readonly warnings: Warning[];
  /** Words under no label, taken for directions: prose, where a play has speeches. */
  unlabelledWords: number;
}

/** Sorts pieces into acts, scenes, speeches and directions, and says what it had to repair. */
export function draft(pieces: readonly Piece[]): Draft {
  const act = pieces.find((piece) => piece.kind === 'act');
  const drafter = new Drafter(act?.kind === 'act' && (act.number ?? 1) <= 1);
  for (const piece of pieces) drafter.add(piece);
  return drafter.finish();
}

/** Words that may tell where a scene is, before somebody speaks in it. */
const longestSetting = 150;

class Drafter {
  readonly #draft: Draft & { title: string | undefined } = {
    title: undefined,
    acts: [],
    castList: [],
    boilerplate: [],
    persons: [],
    warnings: [],
    unlabelledWords: 0,
  };
  /** The heading of the first act comes somewhere: what is before it is in no act, and takes no act's number. */
  readonly #firstActComes: boolean;
  /** Words of the scene before any label. */
  #settingWords = 0;
  /** The direction made of words before any label, and the last line of it. */
  #setting: { readonly element: DraftElement; readonly line: number } | undefined;
  #act: DraftAct | undefined;
  #scene: DraftScene | undefined;
  /** The last label of the scene, under which words without one go on. */
  #label: LabelPiece | undefined;
  /** The part of a speech that the next line of words belongs to. */
  #open: DraftSpeech | undefined;
  /** Directions before the first scene of an act, which they belong to. */
  #waiting: DirectionPiece[] = [];
  /** The label has been printed, but none of its words yet. */
  #silent = false;

  constructor(firstActComes: boolean) {
    this.#firstActComes = firstActComes;
  }

  add(piece: Piece): void {
    switch (piece.kind) {
      case 'title':
        if (this.#draft.title === undefined) this.#draft.title = piece.text;
        else this.#draft.boilerplate.push(piece);
        break;
      case 'cast':
        this.#draft.castList.push(piece);
        break;
      case 'boilerplate':
        this.#draft.boilerplate.push(piece);
        break;
      case 'person':
        this.#draft.persons.push(piece);
        break;
      case 'act':
        this.#openAct(piece);
        break;
      case 'scene':
        this.#openScene(piece);
        break;
      case 'label':
        this.#addLabel(piece);
        break;
      case 'words':
        this.#addWords(piece);
        break;
      case 'direction':
        this.#open = undefined;
        if (!this.#scene && (this.#act || this.#firstActComes)) this.#waiting.push(piece);
        else this.#sceneAt(piece.line).elements.push(piece);
    }
  }

  finish(): Draft {
    this.#endSpeech();
    if (this.#waiting.length > 0) this.#sceneAt(this.#waiting[0]!.line);
    const acts = this.#draft.acts
      .map((act) => ({ ...act, scenes: act.scenes.filter((scene) => this.#isFilled(scene)) }))
      .filter((act) => this.#hasScenes(act));
    return { ...this.#draft, acts };
  }

  /** The heading of an empty scene or act, as contents have them, is kept with the boilerplate. */
  #isFilled({ elements, heading }: DraftScene): boolean {
    if (elements.length === 0 && heading !== '') {
      this.#warn(0, `"${heading}" is the heading of an empty scene`);
      this.#draft.boilerplate.push({ text: heading, line: 0 });
    }
    return elements.length > 0;
  }

  #hasScenes({ scenes, heading }: DraftAct): boolean {
    if (scenes.length === 0) this.#draft.boilerplate.push({ text: heading, line: 0 });
    return scenes.length > 0;
  }

  #warn(line: number, message: string): void {
    this.#draft.warnings.push({ line, message });
  }

  #openAct(piece: HeadingPiece): void {
    this.#endSpeech();
    if (this.#act && this.#waiting.length > 0) this.#sceneAt(this.#waiting[0]!.line);
    // A heading with nothing under it counts for nothing: another follows.
    const last = this.#draft.acts.findLast(isBegun)?.number ?? 0;
    // Some editions print the act above every scene.
    if (piece.number !== undefined && piece.number === last && this.#act && !piece.division) {
      this.#draft.boilerplate.push(piece);
      return;
    }
    const number = this.#numbered(piece, last, 'act');
    this.#act = { number, heading: piece.text, scenes: [] };
    this.#draft.acts.push(this.#act);
    this.#scene = undefined;
    this.#label = undefined;
  }

  #openScene(piece: HeadingPiece): void {
    this.#endSpeech();
    if (!this.#act) {
      // What comes before the first act stands in act 0; if none comes, the act's heading is missing.
      const before = piece.number === 0 || this.#firstActComes;
      if (!before && piece.text !== '')
        this.#warn(piece.line, `"${piece.text}" comes before any act; taken for act 1`);
      this.#openAct({ kind: 'act', number: before ? 0 : 1, text: '', line: piece.line });
    }
    const act = this.#act!;
    const outer = this.#outerHeading(piece, act);
    const number = this.#numbered(piece, act.scenes.at(-1)?.number ?? 0, 'scene', act);
    this.#settingWords = 0;
    this.#scene = { number, heading: `${outer} ${piece.text}`.trim(), elements: this.#waiting };
    this.#waiting = [];
    act.scenes.push(this.#scene);
    this.#label = undefined;
  }

  /** "Second tableau", then "Scene 1" before anybody has spoken: both head one scene, whose number is the inner one's. */
  #outerHeading({ number }: HeadingPiece, act: DraftAct): string {
    const outer = act.scenes.at(-1);
    const spoken = outer?.elements.some(({ kind }) => kind === 'speech');
    if (!outer || spoken || outer.elements.length === 0) return '';
    if (number === undefined || number === 0 || number > outer.number) return '';
    act.scenes.pop();
    this.#waiting = [...outer.elements, ...this.#waiting] as DirectionPiece[];
    return outer.heading;
  }

  /** The printed number where it is possible, else the next one. */
  #numbered(piece: HeadingPiece, last: number, level: string, act?: DraftAct): number {
    const first = act ? act.scenes.length === 0 : !this.#draft.acts.some(isBegun);
    const printed = piece.number;
    if (printed === 0 && first) return 0;
    if (printed !== undefined && printed > last) {
      if (printed > last + 1)
        this.#warn(piece.line, `"${piece.text}" follows ${level} ${last}: a heading is missing`);
      return printed;
    }
    if (printed !== undefined && printed !== 0)
      this.#warn(piece.line, `"${piece.text}" follows ${level} ${last}; numbered ${last + 1}`);
    return last + 1;
  }

  #addLabel(piece: LabelPiece): void {
    this.#endSpeech();
    this.#sceneAt(piece.line);
    this.#draft.unlabelledWords -= Math.min(this.#settingWords, longestSetting);
    this.#settingWords = 0;
    this.#label = piece;
    this.#silent = true;
  }

  #addWords(piece: WordsPiece): void {
    const scene = this.#sceneAt(piece.line);
    if (!this.#label) {
      const role = /prologue|epilogue|chorus/i.exec(scene.heading)?.[0];
      if (role === undefined && !isAnnounced(scene)) {
        this.#addSetting(piece, scene);
        return;
      }
      this.#warn(piece.line, `words before any label, taken for a speech: "${cut(piece.text)}"`);
      this.#addLabel({
        kind: 'label',
        text: '',
        line: piece.line,
        ...(role && { speakers: [role] }),
      });
    }
    this.#addSpoken(this.#label!, piece, scene);
  }

  /** Words before the first label tell where one is; lines of one paragraph are one direction. */
  #addSetting(piece: WordsPiece, scene: DraftScene): void {
    const count = words(piece.text).length;
    this.#draft.unlabelledWords += count;
    this.#settingWords += count;
    const last = scene.elements.at(-1);
    const goesOn =
      last !== undefined && last === this.#setting?.element && piece.line <= this.#setting.line + 1;
    if (!goesOn)
      this.#warn(piece.line, `words before any label, taken for a direction: "${cut(piece.text)}"`);
    const text = goesOn && last.kind === 'direction' ? `${last.text} ${piece.text}` : piece.text;
    const element = { kind: 'direction' as const, text, line: goesOn ? last.line : piece.line };
    if (goesOn) scene.elements.pop();
    scene.elements.push(element);
    this.#setting = { element, line: piece.line };
  }

  #addSpoken(label: LabelPiece, piece: WordsPiece, scene: DraftScene): void {
    if (!this.#open) {
      this.#open = {
        kind: 'speech',
        label,
        lines: [],
        continued: !this.#silent,
        line: piece.line,
      };
      this.#silent = false;
      scene.elements.push(this.#open);
    }
    this.#open.lines.push(piece);
  }

  /** A label whose speech has no words is still a speech: nothing printed is dropped. */
  #endSpeech(): void {
    if (this.#silent && this.#label && this.#scene) {
      const { line, text } = this.#label;
      this.#warn(line, `"${text}" is given no words`);
      this.#scene.elements.push({
        kind: 'speech',
        label: this.#label,
        lines: [],
        continued: false,
        line,
      });
    }
    this.#open = undefined;
    this.#silent = false;
  }

  /** The scene in progress; a play without headings is one scene of one act. */
  #sceneAt(line: number): DraftScene {
    if (!this.#scene) {
      if (!this.#act)
        this.#openAct({ kind: 'act', number: this.#firstActComes ? 0 : 1, text: '', line });
      const number =
        this.#act!.number === 0 && !this.#firstActComes
          ? 1
          : (this.#act!.scenes.at(-1)?.number ?? (this.#act!.number === 0 ? -1 : 0)) + 1;
      this.#openScene({ kind: 'scene', number, text: '', line });
    }
    return this.#scene!;
  }
}

/** Something stands under the heading of the act. */
const isBegun = ({ scenes }: DraftAct): boolean =>
  scenes.some(({ elements }) => elements.length > 0);

/** Somebody has come on, whose words may follow without a label. */
const isAnnounced = ({ elements }: DraftScene): boolean => {
  const last = elements.at(-1);
  return last?.kind === 'direction' && /^(?:re-?)?enter\b/i.test(last.text);
};

const cut = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
