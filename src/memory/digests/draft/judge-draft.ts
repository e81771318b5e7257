import { isCollective } from '../../../play/cast/label.ts';
import { formatPlace } from '../../../play/place.ts';
import type { Play } from '../../../play/play.ts';
import { speechParts } from '../../../play/speeches.ts';
import { words } from '../../../play/words.ts';
import type { TextEmbedder } from '../../row-vectors.ts';
import type { DigestRow } from '../digest-file.ts';
import { CastNames } from './cast-names.ts';
import { type DraftItem, speechesOf } from './draft-items.ts';
import { cosine, evidenceOf, exchangesOf, quoteFrom, termsOf } from './evidence.ts';
import { type Gender, gendersOf } from './genders.ts';
import { type Piece, pieceText } from './scene-pieces.ts';
import { toTemplate } from './to-template.ts';
import { type ToldName, toldNames } from './told-names.ts';

/**
 * Cosine that a sentence must reach with an exchange around what it is about, besides a content word in common: names alone
 * make texts of one play alike. Of 37 sentences that a model of 1.5B drafted of two scenes of Othello 18 were right; of those
 * that reach .55, 15 of 25, and of the nine of a play in today's English, all of which reach it, eight.
 */
const leastLikeness = 0.55;

/** Speeches back from the one that a sentence is about in which somebody who is not there must be named. */
const namedWithin = 5;

/** Cosine from which two sentences say one thing. */
const mostAlike = 0.9;

/** Why a drafted sentence was not kept. */
export const fallReasons = {
  nobody: 'names nobody of the cast',
  absent: 'names somebody who neither speaks there nor is spoken of',
  stranger: 'names somebody who is not in the play',
  pronoun: 'has a pronoun that may mean several',
  tense: 'is not in the past tense',
  person: 'is not in the third person',
  confused: 'says that somebody does something to themselves by name',
  unfounded: 'stands in no line of the scene',
  repeated: 'says what another says',
} as const;
export type FallReason = keyof typeof fallReasons;

/** A drafted sentence and what it is about. */
export interface Draft {
  readonly sentence: string;
  readonly item: Pick<DraftItem, 'lines'>;
}

/** A drafted sentence that was not kept. */
export interface Fallen {
  readonly sentence: string;
  readonly reason: FallReason;
}

/** A digest that was drafted, before it has an id. */
export interface DraftedRow extends Omit<DigestRow, 'id' | 'source' | 'told' | 'offstage'> {
  /** How those are told who stand with an article, by cast name: "the nurse". */
  readonly roles: Readonly<Record<string, string>>;
}

/** What became of the sentences drafted for one piece. */
export interface JudgedDraft {
  readonly kept: readonly DraftedRow[];
  readonly fallen: readonly Fallen[];
}

/**
 * Checks drafted sentences of one scene against its pieces: whom they name, and that a line bears them out. What it has kept of one
 * piece it does not keep again of another.
 */
export class DraftJudge {
  readonly #names: CastNames;
  readonly #told: ToldName;
  readonly #genders: ReadonlyMap<string, Gender>;
  /** Every word that is spoken in the play. */
  readonly #spoken: ReadonlySet<string>;
  readonly #embedder: TextEmbedder;
  readonly #vectors: Float32Array[] = [];

  constructor(play: Play, embedder: TextEmbedder) {
    this.#names = new CastNames(play);
    this.#told = toldNames(play);
    this.#genders = gendersOf(play);
    const spoken = [...speechParts(play)].flatMap(({ speech }) => speech.lines);
    this.#spoken = new Set(words(spoken.join('\n')));
    this.#embedder = embedder;
  }

  async judge(piece: Piece, drafts: readonly Draft[], signal?: AbortSignal): Promise<JudgedDraft> {
    const kept: DraftedRow[] = [];
    const fallen: Fallen[] = [];
    if (drafts.length === 0) return { kept, fallen };
    const sentences = drafts.map(({ sentence }) => sentence);
    const exchanges = exchangesOf(piece);
    const texts = exchanges.map(({ text }) => text);
    const vectors = await this.#embedder.embed([...texts, ...sentences], signal);
    for (const [i, draft] of drafts.entries()) {
      const { sentence } = draft;
      const vector = vectors[texts.length + i]!;
      const row = this.#rowOf(draft, vector, { piece, exchanges, vectors });
      if (typeof row === 'string') fallen.push({ sentence, reason: row });
      else {
        this.#vectors.push(vector);
        kept.push(row);
      }
    }
    return { kept, fallen };
  }

  #rowOf(
    { sentence, item }: Draft,
    vector: Float32Array,
    { piece, exchanges, vectors }: Grounds,
  ): DraftedRow | FallReason {
    const template = toTemplate(sentence, this.#names, this.#genders);
    if ('fault' in template) return template.fault;
    if (!template.about.every(this.#spokenOf(piece, item))) return 'absent';
    if (capitalsIn(template.text).some((name) => !this.#spoken.has(name))) return 'stranger';
    const terms = termsOf(template.text.replace(/\{[^}]*\}/g, ' '));
    const { lines } = item;
    const { likeness, shared } = evidenceOf({ vector, terms }, exchanges, vectors, lines[0]!);
    const quote = quoteFrom(lines, shared);
    const witnesses = hearersOf(lines);
    if (likeness < leastLikeness || shared.length === 0 || !quote || witnesses.length === 0)
      return 'unfounded';
    if (this.#vectors.some((other) => cosine(other, vector) >= mostAlike)) return 'repeated';
    const { text, about, roles } = template;
    return {
      from: formatPlace(lines[0]!.place),
      end: formatPlace(lines.at(-1)!.place),
      words: quote.words,
      text,
      about,
      witnesses,
      roles: Object.fromEntries(roles.map((name) => [name, this.#role(name)])),
    };
  }

  /** Whether somebody speaks right beside what a sentence is about, or is named there or shortly before. */
  #spokenOf(piece: Piece, { lines }: Draft['item']): (name: string) => boolean {
    const speeches = speechesOf(piece);
    const last = lines.at(-1)!;
    const at = speeches.findIndex((speech) => speech.includes(last));
    const near = speeches.slice(Math.max(0, at - namedWithin), at + 1).flat();
    const named = this.#names.namedIn(pieceText(near));
    const beside = speeches.slice(Math.max(0, at - 1), at + 2).flat();
    return (name) => named.has(name) || beside.some(({ speakers }) => speakers.includes(name));
  }

  #role(name: string): string {
    const told = this.#told(name);
    return told.startsWith('the ') ? told : `the ${told}`;
  }
}

/** What a sentence is checked against. */
interface Grounds {
  readonly piece: Piece;
  readonly exchanges: ReturnType<typeof exchangesOf>;
  /** Vectors of the exchanges, then of the other texts. */
  readonly vectors: readonly Float32Array[];
}

/** Those who hear all of an exchange. */
function hearersOf(lines: Piece): string[] {
  const [first, ...rest] = lines;
  return [...first!.hearers].filter(
    (name) => !isCollective(name) && rest.every(({ hearers }) => hearers.has(name)),
  );
}

/** Words with a capital within a sentence, placeholders left out: names of others, and of places. */
function capitalsIn(text: string): string[] {
  const plain = text.replace(/\{[^}]*\}/g, ' x ').replace(/^\s*\p{L}+/u, '');
  return (plain.match(/(?<=\s)\p{Lu}\p{L}{2,}/gu) ?? []).map((name) => name.toLowerCase());
}
