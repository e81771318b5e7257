import { DramatisError } from '../../errors.ts';
import { comparePlaces, formatPlace, parsePlace } from '../../play/place.ts';
import type { Place } from '../../play/play.ts';
import { words } from '../../play/words.ts';
import type { Ask, Digest, DigestFault, DigestPerson, Knowledge } from './digest.ts';
import type { DigestRow, ToldRow } from './digest-file.ts';
import type { DigestPersons } from './digest-persons.ts';
import { plainWords, type StageLine, type StageLines } from './stage-lines.ts';
import { parseTemplate, personsOf } from './template.ts';
import { askFaults, templateFaults } from './template-faults.ts';

/** What the names and places of a row are looked up in. */
export interface Stage {
  readonly lines: StageLines;
  readonly persons: DigestPersons;
}

/** A fault of a row whose line the caller knows. */
export type RowFault = Omit<DigestFault, 'line'>;

/** Words quoted from the play: one alone stands in many lines, more than a line has stand in none. */
const leastQuoted = 2;
const mostQuoted = 10;

/** A row with its names and places looked up, and all that is wrong with it. */
export function checkRow(
  stage: Stage,
  row: DigestRow,
): { digest: Digest | undefined; faults: RowFault[] } {
  const faults: RowFault[] = [];
  const attempt: Attempt = (look) => {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof DramatisError)) throw error;
      faults.push({ message: error.message, remedy: error.remedy });
      return undefined;
    }
  };
  const range = attempt(() => rangeOf(stage.lines, row));
  if (range) faults.push(...quoteFaults(row, stage.lines.between(range.from, range.end)));
  faults.push(...templateFaults(row, stage.persons), ...(row.asks ?? []).flatMap(askFaults));
  const about = row.about.flatMap((name) => attempt(() => stage.persons.find(name)) ?? []);
  const asks = (row.asks ?? []).map((ask) => askOf(stage.persons, ask, attempt));
  const ways = range ? [...waysOf(stage, row, range, attempt)] : [];
  if (row.witnesses.length === 0 && (row.told ?? []).length === 0) faults.push(knownToNobody);
  if (!range || about.length < row.about.length) return { digest: undefined, faults };
  const { id, words: quoted, text } = row;
  const known = earliest(ways);
  return { digest: { id, ...range, words: quoted, text, about, asks, known }, faults };
}

/** Looks something up; what is not found is noted as a fault. */
type Attempt = <T>(look: () => T) => T | undefined;

function askOf(persons: DigestPersons, text: string, attempt: Attempt): Ask {
  const named = personsOf(parseTemplate(text));
  return { text, about: named.flatMap((name) => attempt(() => persons.find(name)) ?? []) };
}

interface Range {
  readonly from: Required<Place>;
  readonly end: Required<Place>;
}

/** Everybody who comes to know a fact, once for each way. */
function* waysOf(
  { lines, persons }: Stage,
  row: DigestRow,
  { from, end }: Range,
  attempt: Attempt,
): Generator<{ who: DigestPerson; knowing: Knowledge }> {
  const isShown = row.offstage === undefined;
  const shown = isShown ? lines.between(from, end) : [];
  const at = isShown ? end : attempt(() => placeIn(lines, row.offstage!, '"offstage"'));
  for (const name of row.witnesses) {
    const who = attempt(() => memberOf(persons, name));
    if (who && isShown) attempt(() => requirePresent(who, shown, row));
    if (who && at) yield { who, knowing: { way: 'witnessed', at } };
  }
  for (const told of row.told ?? []) {
    const way = attempt(() => toldOf({ lines, persons }, told));
    if (way && isShown) attempt(() => requireAfter(told, way.knowing.at, from));
    if (way) yield way;
  }
}

/** Who knows a fact, by cast name, and how they come to know it first. */
function earliest(
  ways: readonly { who: DigestPerson; knowing: Knowledge }[],
): ReadonlyMap<string, Knowledge> {
  const known = new Map<string, Knowledge>();
  for (const { who, knowing } of ways)
    for (const name of who.members) {
      const before = known.get(name);
      if (!before || comparePlaces(knowing.at, before.at) < 0) known.set(name, knowing);
    }
  return known;
}

const knownToNobody: RowFault = {
  message: 'nobody knows it: it has no witnesses and nobody is told',
  remedy: 'Give "witnesses" the cast names of those who were there, or leave the digest out.',
};

/** @throws {DramatisError} PLACE_UNKNOWN */
function rangeOf(
  lines: StageLines,
  row: DigestRow,
): { from: Required<Place>; end: Required<Place> } {
  const from = lineOf(lines, row.from, '"from"');
  const end = lineOf(lines, row.end, '"end"');
  if (from.act === end.act && from.scene === end.scene && from.line <= end.line)
    return { from, end };
  throw new DramatisError('PLACE_UNKNOWN', `${row.end} does not follow ${row.from} in its scene`, {
    remedy: 'Give the first and the last line, of one scene, that show the fact.',
  });
}

/** @throws {DramatisError} PLACE_UNKNOWN if the play has no such line. */
function lineOf(lines: StageLines, text: string, what: string): Required<Place> {
  const place = parsePlace(text);
  const scene = lines.scene(place);
  const { line } = place;
  if (line !== undefined && scene.some((one) => one.place.line === line)) return { ...place, line };
  throw new DramatisError(
    'PLACE_UNKNOWN',
    `${what} is ${text}, and there is no such line; ${extent(place, scene)}`,
    {
      remedy: 'Give act.scene.line as "dramatis parse PLAY --json" counts them, such as 3.4.24.',
    },
  );
}

function extent(place: Place, scene: readonly StageLine[]): string {
  const name = formatPlace({ act: place.act, scene: place.scene });
  const last = scene.at(-1);
  return last ? `${name} has lines 1 to ${last.place.line}` : `the play has no scene ${name}`;
}

/** @throws {DramatisError} PLACE_UNKNOWN if the play has no such scene, or the scene no such line. */
function placeIn(lines: StageLines, text: string, what: string): Place {
  const place = parsePlace(text);
  if (place.line !== undefined) return lineOf(lines, text, what);
  if (lines.scene(place).length > 0) return place;
  throw new DramatisError('PLACE_UNKNOWN', `${what} is ${text}, and the play has no such scene`);
}

function quoteFaults(
  { words: quoted, from, end }: DigestRow,
  shown: readonly StageLine[],
): RowFault[] {
  const count = words(quoted).length;
  if (count < leastQuoted || count > mostQuoted)
    return [
      {
        message: `"words" has ${count} words`,
        remedy: `Quote ${leastQuoted} to ${mostQuoted} words in a row from one line.`,
      },
    ];
  const plain = plainWords(quoted);
  if (shown.some((line) => line.plain.includes(plain))) return [];
  return [
    {
      message: `"${quoted}" stands in no line from ${from} to ${end}`,
      remedy: 'Quote the words as printed, from one line between "from" and "end".',
    },
  ];
}

/** @throws {DramatisError} CHARACTER_UNKNOWN, also for a person of the header who is nobody of the cast. */
function memberOf(persons: DigestPersons, name: string): DigestPerson {
  const person = persons.find(name);
  if (person.members.length > 0) return person;
  throw new DramatisError('CHARACTER_UNKNOWN', `${name} is not in the cast and can know nothing`, {
    remedy: 'Leave the name out, or say in the header as whom the person speaks with "is".',
  });
}

/** @throws {DramatisError} PLACE_UNKNOWN if a witness is on stage for none of the lines. */
function requirePresent(
  { key, members }: DigestPerson,
  shown: readonly StageLine[],
  { from, end }: DigestRow,
): void {
  const absent = absentees(members, shown);
  if (absent.length === 0) return;
  const there = new Set(shown.flatMap(({ present }) => [...present]));
  throw new DramatisError(
    'PLACE_UNKNOWN',
    `${absentText(key, absent)} is not on stage from ${from} to ${end}; there are ${[...there].join(', ')}`,
    {
      remedy:
        'Leave the witness out, correct the places, or give "offstage" if the fact is not shown there.',
    },
  );
}

function absentees(members: readonly string[], lines: readonly StageLine[]): string[] {
  return members.filter((name) => !lines.some(({ present }) => present.has(name)));
}

const absentText = (key: string, absent: readonly string[]): string =>
  absent.length === 1 && absent[0] === key ? key : `${key} (${absent.join(', ')})`;

/** @throws {DramatisError} CHARACTER_UNKNOWN, PLACE_UNKNOWN if the listener is not on stage there. */
function toldOf(
  { lines, persons }: Stage,
  { who, at, by }: ToldRow,
): { who: DigestPerson; knowing: Knowledge } {
  const listener = memberOf(persons, who);
  const place = placeIn(lines, at, '"at"');
  const { line } = place;
  const heard =
    line === undefined ? lines.scene(place) : lines.between({ ...place, line }, { ...place, line });
  const absent = absentees(listener.members, heard);
  if (absent.length > 0)
    throw new DramatisError(
      'PLACE_UNKNOWN',
      `${absentText(who, absent)} is told at ${at}, and is not on stage there`,
      {
        remedy: 'Give the place of a line that the listener is on stage for.',
      },
    );
  return {
    who: listener,
    knowing: { way: 'told', at: place, ...(by !== undefined && { by: persons.find(by) }) },
  };
}

/**
 * Being told in a scene may be after any of its lines.
 *
 * @throws {DramatisError} PLACE_UNKNOWN if somebody is told before it happens.
 */
function requireAfter({ who, at }: ToldRow, place: Place, from: Required<Place>): void {
  if (comparePlaces({ line: from.line, ...place }, from) >= 0) return;
  throw new DramatisError(
    'PLACE_UNKNOWN',
    `${who} is told at ${at}, before it happens at ${formatPlace(from)}`,
    {
      remedy:
        'Correct the place, or give "offstage" if the fact lies before the lines that show it.',
    },
  );
}
