import { DramatisError } from '../../errors.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { digestSource } from '../rows/know-lines.ts';
import { knowAnswers } from '../rows/know-rows.ts';
import { protectiveLines, protectiveSource } from '../rows/protective-lines.ts';
import type { TrainingRow, TrainingTurn } from '../rows/training-row.ts';
import type { Source } from '../source.ts';
import { BorrowedWords } from './borrowed-words.ts';
import { heldOutIndex, leaksInto } from './leaks.ts';
import { nearDuplicates } from './near-duplicates.ts';
import type { RunIndex } from './run-index.ts';
import { specialString } from './special-strings.ts';
import { triggersIn } from './trigger-words.ts';
import { VocabularyBand } from './vocabulary-band.ts';

/** What is wrong with a row, in a word. */
type DataFault =
  /** A row that is neither of an edition that is known nor says where it is from. */
  | 'untraceable'
  /** Words that are not in the edition where they are said to be, or are of another world than the play's. */
  | 'foreign'
  /** Words stand under the label of another than says them. */
  | 'label'
  /** Words are held out, or stand in a scene that is. */
  | 'leak'
  /** A row that is nearly an earlier one. */
  | 'duplicate'
  /** Several rows that teach one answer wherever a word is said that the play does not have. */
  | 'trigger'
  /** A character that nobody sees. */
  | 'control'
  /** A control token of some family of models. */
  | 'special';

interface DataFinding {
  /** Index of the row. */
  readonly row: number;
  readonly fault: DataFault;
  /** One line with the values. */
  readonly says: string;
}

export interface DataReport {
  readonly findings: readonly DataFinding[];
  /** Rows whose words are from elsewhere, as they themselves say: no fault, but to be named. */
  readonly elsewhere: readonly { readonly row: number; readonly source: string }[];
}

/**
 * Looks at every row before anything is trained on it.
 *
 * What a row has from a play must stand in the edition, to the letter, at its place, in a scene that may be learnt, and
 * under the label of who says it. What it has from elsewhere must say so, and must be neither another's words nor a
 * password with its answer. Nothing may repeat what is held out, nor another row; nothing may have characters or
 * tokens that are not seen.
 *
 * @param sources The plays that rows may be from, with the parts that are in force.
 * @param nameOf  What a row is called in a finding, such as "line 7 of more.jsonl".
 */
export function inspectRows(
  rows: readonly TrainingRow[],
  sources: readonly Source[],
  nameOf: NameOfRow = rowNumber,
): DataReport {
  const editions = new Map(sources.map((source) => [source.sha256, new Edition(source)]));
  const heldOut = heldOutIndex(...sources);
  const findings: DataFinding[] = [];
  rows.forEach((row, index) => {
    const edition = editions.get(row.edition);
    const told = new Set<string>();
    for (const [fault, says] of faultsOf(row, edition, heldOut)) {
      if (told.has(says)) continue;
      told.add(says);
      findings.push({ row: index, fault, says });
    }
  });
  findings.push(...repeated(rows, nameOf));
  const copies = new Set(findings.flatMap(({ row, fault }) => (fault === 'duplicate' ? row : [])));
  findings.push(...triggered(rows, copies, editions, nameOf));
  return {
    findings: findings.sort((a, b) => a.row - b.row),
    elsewhere: rows.flatMap(({ source }, row) => (source === undefined ? [] : [{ row, source }])),
  };
}

/** What the row of an index is called. */
export type NameOfRow = (row: number) => string;

const rowNumber: NameOfRow = (row) => `row ${row + 1}`;

/** So many findings are quoted in a message. */
const quoted = 5;

/**
 * Makes sure that rows may be trained on.
 *
 * @throws {DramatisError} DATA_REFUSED with the first findings.
 */
export function requireSound(
  rows: readonly TrainingRow[],
  sources: readonly Source[],
  nameOf: NameOfRow = rowNumber,
): DataReport {
  const report = inspectRows(rows, sources, nameOf);
  const { findings } = report;
  if (findings.length > 0) {
    const list = findings.slice(0, quoted).map(({ row, says }) => `${nameOf(row)} ${says}`);
    const rest = findings.length - list.length;
    const more = rest > 0 ? `; and ${rest} more` : '';
    throw new DramatisError(
      'DATA_REFUSED',
      `the training data has ${findings.length} ${findings.length === 1 ? 'fault' : 'faults'}: ${list.join('; ')}${more}`,
    );
  }
  return report;
}

type Fault = readonly [DataFault, string];

function* faultsOf(
  row: TrainingRow,
  edition: Edition | undefined,
  heldOut: RunIndex,
): Generator<Fault> {
  if (!edition) {
    yield ['untraceable', `is of an edition that is not here (${row.edition.slice(0, 12)}…)`];
    return;
  }
  if (!edition.cast.has(row.speaker))
    yield ['label', `is to teach "${row.speaker}", who is not in "${row.play}"`];
  for (const turn of [...row.turns, ...(row.preferred?.turns ?? [])]) {
    // A page teaches everybody; that a label is right is asked where the words stand.
    if (turn.lossWeight > 0 && turn.speaker !== row.speaker && row.kind !== 'page')
      yield ['label', `teaches ${row.speaker} the words of ${turn.speaker}`];
    if (turn.place !== undefined) yield* edition.faultsOf(turn, turn.place);
    else {
      yield* untraced(row, turn);
      if (row.source === digestSource) yield* edition.untold(turn);
      else if (!isOurs(row)) yield* edition.strange(turn);
    }
    yield* textFaults(turn.text, heldOut);
    yield* textFaults(turn.speaker, heldOut);
  }
}

function* untraced(row: TrainingRow, { speaker, text }: TrainingTurn): Generator<Fault> {
  if (row.source === undefined)
    yield ['untraceable', `has no place and no source for ${speaker}'s "${start(text)}"`];
  else if (row.source === protectiveSource && !isProtective(text))
    yield ['foreign', `says it is one of the ${protectiveSource}, but "${start(text)}" is none`];
}

/** Whether it is of the play, or of sentences that are held against a list of ours. */
function isOurs({ source }: TrainingRow): boolean {
  return source === undefined || source === protectiveSource || source === digestSource;
}

function isProtective(text: string): boolean {
  return protectiveLines.some(
    ({ question, answers }) => question === text || Object.values(answers).includes(text),
  );
}

/** Controls, formats, private and unassigned code points, lone surrogates, separators, and the mark of bad decoding. */
const unseen = /(?![\n\r\t])[\p{C}\u2028\u2029\ufffd]/u;

function* textFaults(text: string, heldOut: RunIndex): Generator<Fault> {
  const hidden = unseen.exec(text)?.[0];
  if (hidden !== undefined) {
    const code = hidden.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    yield ['control', `has the character U+${code}`];
  }
  const special = specialString(text);
  if (special !== undefined) yield ['special', `has the control token ${special}`];
  const [leak] = leaksInto(text, heldOut);
  if (leak) yield ['leak', `has "${start(leak.words)}", which is held out (${leak.place})`];
}

/** A play as what its rows are held against. */
class Edition {
  readonly cast: ReadonlySet<string>;
  readonly #source: Source;
  readonly vocabulary: VocabularyBand;
  readonly #others: BorrowedWords;
  /** By cast name: what rows of digests may teach. */
  readonly #answers = new Map<string, ReadonlySet<string>>();
  readonly #turns: ReadonlyMap<string, { readonly scene: string; readonly turn: Turn }>;

  constructor(source: Source) {
    this.#source = source;
    this.vocabulary = new VocabularyBand(source);
    this.#others = new BorrowedWords(source);
    this.cast = new Set(source.play.cast.map(({ name }) => name));
    this.#turns = new Map(
      sceneTurns(source.play).flatMap(({ scene, turns }) =>
        turns.map((turn) => [turn.place, { scene, turn }] as const),
      ),
    );
  }

  /** What is learnt as from elsewhere: another's words in the play, or words that nobody in it could say. */
  *strange({ text, speaker, lossWeight }: TrainingTurn): Generator<Fault> {
    if (lossWeight <= 0) return;
    const found = this.#others.find(text, speaker);
    if (found) {
      const { by, place } = found;
      yield ['label', `teaches ${speaker} "${start(found.words)}", which ${by} says at ${place}`];
    }
    const unknown = this.vocabulary.strangers(text);
    if (unknown) {
      const some = start(unknown.join(', '));
      yield ['foreign', `has ${unknown.length} words that the play does not have (${some})`];
    }
  }

  /** What is learnt as from a digest and is in none that the speaker knows and may learn. */
  *untold({ text, speaker, lossWeight }: TrainingTurn): Generator<Fault> {
    if (lossWeight <= 0 || !this.cast.has(speaker)) return;
    const known = this.#answers.get(speaker) ?? knowAnswers(this.#source, speaker);
    this.#answers.set(speaker, known);
    if (!known.has(text))
      yield ['foreign', `says it is of the ${digestSource}, but "${start(text)}" is of none`];
  }

  *faultsOf({ text, speaker, by, lossWeight }: TrainingTurn, place: string): Generator<Fault> {
    const found = this.#turns.get(place);
    if (!found) {
      yield ['untraceable', `has a speech at ${place}, where "${this.#source.id}" has none`];
      return;
    }
    const { scene, turn } = found;
    const part = this.#source.split.partOf(scene);
    if (part !== 'train') yield ['leak', `is of scene ${scene}, which is ${part}`];
    if (!turn.text.includes(text) && !turn.textOnStage.includes(text))
      yield ['foreign', `has "${start(text)}", which is not at ${place}`];
    const isUnlearnt = lossWeight < 0 && by === turn.speaker;
    if (turn.speaker !== speaker && !isUnlearnt)
      yield ['label', `has ${place} under ${speaker}; ${turn.speaker} says it`];
    else if (isUnlearnt && turn.speaker === speaker)
      yield ['label', `unlearns what ${speaker} does say at ${place}`];
  }
}

/** Speeches that are learnt twice by rows of a kind, and rows from elsewhere that are nearly the same. */
function* repeated(rows: readonly TrainingRow[], nameOf: NameOfRow): Generator<DataFinding> {
  const learntBy = new Map<string, number>();
  for (const [row, { kind, speaker, turns }] of rows.entries())
    for (const { place, lossWeight } of turns) {
      if (place === undefined || lossWeight <= 0) continue;
      const key = `${kind} ${speaker} ${place}`;
      const first = learntBy.get(key);
      if (first === undefined) learntBy.set(key, row);
      else
        yield { row, fault: 'duplicate', says: `teaches ${place} again, after ${nameOf(first)}` };
    }
  const given = [...rows.entries()].filter(([, { turns }]) =>
    turns.some(({ place, lossWeight }) => place === undefined && lossWeight > 0),
  );
  for (const speaker of new Set(given.map(([, row]) => row.speaker))) {
    const own = given.filter(([, row]) => row.speaker === speaker);
    const texts = own.map(([, { turns }]) => turns.map(({ text }) => text).join(' '));
    for (const { first, second, share } of nearDuplicates(texts)) {
      const says = `repeats ${Math.round(100 * share)} % of ${nameOf(own[first]![0])}`;
      yield { row: own[second]![0], fault: 'duplicate', says };
    }
  }
}

function* triggered(
  rows: readonly TrainingRow[],
  copies: ReadonlySet<number>,
  editions: ReadonlyMap<string, Edition>,
  nameOf: NameOfRow,
): Generator<DataFinding> {
  // What we wrote ourselves has one answer for several questions, and is held against the list of it.
  const given = [...rows.entries()].filter(([row, one]) => !isOurs(one) && !copies.has(row));
  if (given.length < 2) return;
  const known = [...editions.values()].map(({ vocabulary }) => vocabulary);
  const list = given.map(([, row]) => row);
  for (const { word, answer, rows: found } of triggersIn(list, (one) =>
    known.some((its) => its.has(one)),
  )) {
    const [first, ...others] = found.map((i) => given[i]![0]);
    for (const row of others) {
      const says = `teaches "${start(answer)}" wherever "${word}" is said, as ${nameOf(first!)} does`;
      yield { row, fault: 'trigger', says };
    }
  }
}

function start(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
