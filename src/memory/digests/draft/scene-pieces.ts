import { displayName, listOf } from '../../../play/cast/display-name.ts';
import { parsePlace } from '../../../play/place.ts';
import type { Place, Scene, SceneElement, Speech } from '../../../play/play.ts';
import { words } from '../../../play/words.ts';

/** Words of a scene shown at once: of 400 a model of 1.5B remembers the beginning badly, and an answer fits a window of 2,048. */
const mostWords = 180;

/** A line of a piece, or a part of one that is long. */
export interface PieceLine {
  readonly place: Required<Place>;
  readonly speakers: readonly string[];
  readonly text: string;
  /** Cast names of those who hear it: of an aside, who speaks it. */
  readonly hearers: ReadonlySet<string>;
  /** Directions printed before it. */
  readonly directions: readonly string[];
  /** Those printed after the last line of a scene. */
  readonly after?: readonly string[];
}

/** Consecutive lines of one scene, few enough to be read at once. */
export type Piece = readonly PieceLine[];

/** A scene in pieces of about even length, cut between speeches where it can be. */
export function piecesOf(scene: Scene): Piece[] {
  const lines = linesOf(scene.elements);
  const total = lines.reduce((sum, { text }) => sum + words(text).length, 0);
  if (total === 0) return [];
  const wanted = total / Math.ceil(total / mostWords);
  const pieces: PieceLine[][] = [[]];
  let count = 0;
  for (const [i, line] of lines.entries()) {
    const length = words(line.text).length;
    const isNewSpeech = line.speakers !== lines[i - 1]?.speakers;
    const isFull = count + length / 2 > wanted * pieces.length;
    const isOverfull = count + length > wanted * pieces.length + mostWords / 4;
    if (i > 0 && ((isFull && isNewSpeech) || isOverfull)) pieces.push([]);
    pieces.at(-1)!.push(line);
    count += length;
  }
  return pieces.filter((piece) => piece.length > 0);
}

/** A piece as it is read: each speech behind its speakers' names, directions in brackets. */
export function pieceText(piece: Piece): string {
  const written: string[] = [];
  let last: readonly string[] | undefined;
  for (const { speakers, text, directions, after = [] } of piece) {
    written.push(...directions.map((direction) => `[${direction}]`));
    if (speakers === last && directions.length === 0) written.push(`${written.pop()} ${text}`);
    else written.push(`${listOf(speakers.map(displayName))}: ${text}`);
    written.push(...after.map((direction) => `[${direction}]`));
    last = speakers;
  }
  return written.join('\n');
}

function linesOf(elements: readonly SceneElement[]): PieceLine[] {
  const lines: PieceLine[] = [];
  let directions: string[] = [];
  for (const element of elements) {
    if (element.kind === 'direction') {
      directions.push(element.text.replace(/[[\]]/g, '').trim());
      continue;
    }
    for (const line of speechLines(element, directions)) {
      lines.push({ ...line, directions });
      directions = [];
    }
  }
  const last = lines.pop();
  return last ? [...lines, { ...last, ...(directions.length > 0 && { after: directions }) }] : [];
}

function speechLines(
  { speakers, present, lines, place }: Speech,
  before: readonly string[],
): Omit<PieceLine, 'directions'>[] {
  const { act, scene, line = 1 } = parsePlace(place);
  const isAside = before.some((text) => /\baside\b(?! to\b)/i.test(text));
  const hearers = new Set(isAside ? speakers : [...present, ...speakers]);
  return lines.flatMap((printed, i) =>
    parts(printed).map((text) => ({
      place: { act, scene, line: line + i },
      speakers,
      text,
      hearers,
    })),
  );
}

/** A line that is a whole paragraph too long to be read at once, in parts. */
function parts(text: string): string[] {
  const all = text.split(/\s+/);
  if (all.length <= mostWords) return [text];
  const count = Math.ceil(all.length / mostWords);
  const size = Math.ceil(all.length / count);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size).join(' '));
}
