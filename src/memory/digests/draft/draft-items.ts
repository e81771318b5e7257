import { listOf } from '../../../play/cast/display-name.ts';
import { isCollective } from '../../../play/cast/label.ts';
import { words } from '../../../play/words.ts';
import type { Piece, PieceLine } from './scene-pieces.ts';
import type { ToldName } from './told-names.ts';

/** Something of a piece that a sentence is asked about: a speech, or something done. */
export interface DraftItem {
  /** The lines of the speech; the lines around something done. */
  readonly lines: Piece;
  /** The item's first words, or the direction in brackets. */
  readonly shown: string;
  /**
   * How the sentence may begin. Who speaks to whom is known from the page: a small model that has to find it out itself
   * mistakes one for the other in most sentences.
   */
  readonly beginnings: readonly string[];
}

/** Speeches of a piece that are asked about, the longest ones. */
const mostSpeeches = 6;
/** Words of the shortest of them: less says nothing. */
const leastWords = 10;
/** Words that a speech is known by. */
const shownWords = 6;

const done =
  /\b(?:kill|stab|die|dead|fight|wound|give|giving|kiss|strik|stifl|throw|tak|drink|fall|sleep|kneel|show|hid|draw|read|leap|wrest|hold|embrac|seiz|beat|writ|run)/i;
const movement = /^(?:re-?)?(?:enter|exit|exeunt)\b/i;

/** What a piece is asked about, in its order. */
export function itemsOf(piece: Piece, told: ToldName): DraftItem[] {
  const speeches = speechesOf(piece);
  const long = speeches
    .map((lines, i) => ({ i, count: words(lines.map(({ text }) => text).join(' ')).length }))
    .filter(({ count }) => count >= leastWords)
    .sort((a, b) => b.count - a.count)
    .slice(0, mostSpeeches)
    .map(({ i }) => i);
  return speeches.flatMap((lines, i) => [
    ...actionsBefore(speeches, i, told),
    ...(long.includes(i) ? [speechItem(speeches, i, told)] : []),
    ...actionItems(lines.at(-1)!.after ?? [], { doer: lines, lines }, told),
  ]);
}

/** Lines of a piece by speech. */
export function speechesOf(piece: Piece): PieceLine[][] {
  const speeches: PieceLine[][] = [];
  for (const [i, line] of piece.entries()) {
    if (i === 0 || line.speakers !== piece[i - 1]!.speakers) speeches.push([]);
    speeches.at(-1)!.push(line);
  }
  return speeches;
}

const toOthers = ['told', 'asked', 'ordered', 'begged', 'promised', 'warned'] as const;
const joins: Readonly<Record<(typeof toOthers)[number], string>> = {
  told: ' that',
  asked: '',
  ordered: ' to',
  begged: ' to',
  promised: '',
  warned: ' that',
};
const alone = [
  'said that',
  'asked',
  'decided to',
  'thought that',
  'feared that',
  'wished that',
] as const;

function speechItem(speeches: readonly PieceLine[][], at: number, told: ToldName): DraftItem {
  const lines = speeches[at]!;
  const { speakers } = lines[0]!;
  const speaker = subject(speakers, told);
  const text = lines.map((line) => line.text).join(' ');
  const fits = (verb: string): boolean => verb !== 'asked' || text.includes('?');
  const partners = partnersOf(speeches, at, text).map((names) => listOf(names.map(told)));
  const beginnings = partners.flatMap((partner) =>
    toOthers.filter(fits).map((verb) => `${speaker} ${verb} ${partner}${joins[verb]} `),
  );
  return {
    lines,
    shown: text.split(/\s+/).slice(0, shownWords).join(' '),
    beginnings:
      beginnings.length > 0 ? beginnings : alone.filter(fits).map((verb) => `${speaker} ${verb} `),
  };
}

/**
 * Whom a speech is said to: of those who speak right before and after it and hear it the one alone, or those whom it calls by
 * name. Nobody where that leaves several: of them a small model takes the wrong one as often as not.
 */
function partnersOf(
  speeches: readonly PieceLine[][],
  at: number,
  text: string,
): (readonly string[])[] {
  const { speakers, hearers } = speeches[at]![0]!;
  const near = [speeches[at + 1], speeches[at - 1]]
    .flatMap((other) => (other ? [other[0]!.speakers] : []))
    .filter((names) => names.every((name) => hearers.has(name) && !speakers.includes(name)));
  const partners = [...new Map(near.map((names) => [names.join(), names])).values()];
  if (partners.length < 2) return partners;
  const said = new Set(words(text));
  return partners.filter((names) =>
    names.some((name) => words(name).some((word) => said.has(word))),
  );
}

/** What is done between two speeches, or within one. */
function actionsBefore(speeches: readonly PieceLine[][], at: number, told: ToldName): DraftItem[] {
  return speeches[at]!.flatMap((line, i) => {
    const before = i === 0 ? speeches[at - 1] : speeches[at]!.slice(0, i);
    if (!before) return [];
    return actionItems(line.directions, { doer: before, lines: [...before.slice(-1), line] }, told);
  });
}

/** A direction that names nobody is about who spoke before it. */
function actionItems(
  directions: readonly string[],
  { doer, lines }: { readonly doer: Piece; readonly lines: Piece },
  told: ToldName,
): DraftItem[] {
  const { speakers } = doer[0]!;
  if (speakers.some(isCollective)) return [];
  return directions
    .filter((text) => done.test(text) && !movement.test(text))
    .map((text) => ({
      lines,
      shown: `[${text}]`,
      beginnings: [`${subject(speakers, told)} `],
    }));
}

/** Those who do something, at the start of a sentence. */
function subject(speakers: readonly string[], told: ToldName): string {
  const names = listOf(speakers.map(told));
  return names.charAt(0).toUpperCase() + names.slice(1);
}
