import { comparePlaces, formatPlace, parsePlace } from '../../play/place.ts';
import type { Place } from '../../play/play.ts';
import type { Stage } from './check-row.ts';
import type { DigestFault } from './digest.ts';
import type { DigestRow, NumberedRow, ToldRow } from './digest-file.ts';
import { plainWords, type StageLine } from './stage-lines.ts';

/** Scenes before and after its own in which a fact's words are looked for: editions divide scenes differently. */
const nearScenes = 2;

/** Digests of one edition at their places in another. */
export interface Relocated {
  /** In the order of the other edition. */
  readonly rows: readonly NumberedRow[];
  /** Those that were not found. */
  readonly dropped: readonly DigestFault[];
}

/**
 * Finds the places of digests again in another edition, by the words that they quote: in the scene of the same number, else
 * in the scenes around it.
 *
 * What cannot be told exactly errs to knowing later, or not at all: the range goes as far before and after the words as it
 * was long; a listener is told at the next line that it is on stage for; a witness who is not there is left out.
 */
export function relocate(rows: readonly NumberedRow[], stage: Stage): Relocated {
  const dropped: DigestFault[] = [];
  const found: Found[] = [];
  for (const numbered of rows) {
    const one = findAgain(numbered, stage);
    if ('at' in one) found.push(one);
    else dropped.push(one);
  }
  const moved = found
    .map((one) => ({ line: one.line, row: movedRow(one, found, stage) }))
    .sort((a, b) => comparePlaces(parsePlace(a.row.from), parsePlace(b.row.from)));
  return { rows: moved, dropped };
}

/** A digest whose words were found. */
interface Found extends NumberedRow {
  /** Range in the file's own edition. */
  readonly from: Required<Place>;
  readonly end: Required<Place>;
  /** The line of this edition that has the words. */
  readonly at: Required<Place>;
}

function findAgain({ line, row }: NumberedRow, { lines }: Stage): Found | DigestFault {
  const [from, end] = [parsePlace(row.from), parsePlace(row.end)];
  const fault = (message: string): DigestFault => ({
    line,
    message,
    remedy: 'Quote other words of the fact, or give its places in this edition.',
  });
  if (from.line === undefined || end.line === undefined)
    return fault(`${row.from} to ${row.end} are not lines`);
  const range = { from: { ...from, line: from.line }, end: { ...end, line: end.line } };
  const words = plainWords(row.words);
  const middle = (range.from.line + range.end.line) / 2;
  const distance = ({ place }: StageLine): number => Math.abs(place.line - middle);
  for (const scene of scenesAround(range.from, lines.scenes)) {
    const hits = scene.filter(({ plain }) => plain.includes(words));
    const [best] = hits.sort((a, b) => distance(a) - distance(b));
    if (best) return { line, row, ...range, at: best.place };
  }
  return fault(`"${row.words}" stands nowhere near ${row.from} in this edition`);
}

/** The scene of a place, then those next to it, the nearest first. */
function scenesAround(
  place: Place,
  scenes: readonly (readonly StageLine[])[],
): (readonly StageLine[])[] {
  const start = { act: place.act, scene: place.scene };
  const own = scenes.findIndex(([line]) => comparePlaces(line!.place, start) >= 0);
  const middle = own < 0 ? scenes.length - 1 : own;
  return scenes
    .map((scene, i) => ({ scene, far: Math.abs(i - middle) }))
    .filter(({ far }) => far <= nearScenes)
    .sort((a, b) => a.far - b.far)
    .map(({ scene }) => scene);
}

function movedRow(one: Found, all: readonly Found[], stage: Stage): DigestRow {
  const { row, from, end, at } = one;
  const scene = stage.lines.scene(at);
  const last = scene.at(-1)!.place.line;
  const length = end.line - from.line;
  const newFrom = { ...at, line: Math.max(1, at.line - length) };
  const newEnd = { ...at, line: Math.min(last, at.line + length) };
  const { told, offstage, witnesses, ...rest } = row;
  const shown = stage.lines.between(newFrom, newEnd);
  const isThere = (name: string): boolean =>
    membersOf(name, stage).every((member) => shown.some(({ present }) => present.has(member)));
  return {
    ...rest,
    from: formatPlace(newFrom),
    end: formatPlace(newEnd),
    witnesses: offstage === undefined ? witnesses.filter(isThere) : witnesses,
    ...(told && { told: told.flatMap((way) => movedTold(way, all, stage) ?? []) }),
    ...(offstage !== undefined && { offstage: formatPlace(movedPlace(offstage, all)) }),
  };
}

/** Where a listener is told in this edition: the first line from there on that it is on stage for; undefined if there is none. */
function movedTold(told: ToldRow, all: readonly Found[], stage: Stage): ToldRow | undefined {
  const place = movedPlace(told.at, all);
  const { line } = place;
  if (line === undefined) return told;
  const members = membersOf(told.who, stage);
  const heard = stage.lines
    .scene(place)
    .find((one) => one.place.line >= line && members.every((member) => one.present.has(member)));
  return heard && { ...told, at: formatPlace(heard.place) };
}

/** A line of the file's edition in this one: moved as the nearest digest of its scene was. */
function movedPlace(text: string, all: readonly Found[]): Place {
  const place = parsePlace(text);
  const { act, scene, line } = place;
  if (line === undefined) return place;
  const [nearest] = all
    .filter(({ from }) => from.act === act && from.scene === scene)
    .sort((a, b) => Math.abs(a.end.line - line) - Math.abs(b.end.line - line));
  if (!nearest) return place;
  // The words are somewhere between "from" and "end": taken for at the start, a line is moved too far rather than not enough.
  return { ...nearest.at, line: Math.max(1, line + nearest.at.line - nearest.from.line) };
}

/** Cast names of somebody in the file; the name itself if nobody here has it, who then is nowhere on stage. */
function membersOf(name: string, { persons }: Stage): readonly string[] {
  return persons.findAny(name)?.members ?? [name];
}
