import { DramatisError } from '../../errors.ts';
import type { DigestFault } from './digest.ts';

/** What the first line of a digest file says: the format is described in data/digests/README.md. */
export interface DigestHeader {
  readonly format: typeof digestFormat;
  readonly version: typeof digestVersion;
  /** Id of the play in the catalogue, or a name for it. */
  readonly play: string;
  /** sha256 of the play text whose lines the places count. */
  readonly text: string;
  /** Persons that placeholders may name besides the cast's own names. */
  readonly persons: Readonly<Record<string, PersonRow>>;
  /** Scenes that a model has read for this file → what names the model, its prompt and the text. */
  readonly drafted?: Readonly<Record<string, string>>;
}

interface PersonRow {
  /** The name as in a sentence. */
  readonly name: string;
  /** Cast names that the person speaks under. */
  readonly is?: readonly string[];
}

/** A digest as its line has it, names and places not yet looked up. */
export interface DigestRow {
  readonly id: string;
  readonly from: string;
  readonly end: string;
  readonly words: string;
  readonly text: string;
  readonly about: readonly string[];
  /** Questions that it answers, with placeholders. */
  readonly asks?: readonly string[];
  readonly witnesses: readonly string[];
  readonly told?: readonly ToldRow[];
  /** Place from which the witnesses of something that is not shown know it. */
  readonly offstage?: string;
  /** Origin of a drafted digest. */
  readonly source?: DigestSource;
}

export interface ToldRow {
  readonly who: string;
  readonly at: string;
  readonly by?: string;
}

/** Where a drafted digest comes from. */
export interface DigestSource {
  readonly model: string;
  /** Version of the prompt that asked for it. */
  readonly prompt: string;
  /** sha256 of the scene as it was shown. */
  readonly scene: string;
  /** sha256 of the line as it was drafted: another one than the line now has if somebody has changed it. */
  readonly draft?: string;
}

/** A row and its 1-based line in the file. */
export interface NumberedRow {
  readonly line: number;
  readonly row: DigestRow;
}

export interface DigestFile {
  /** Undefined if the first line is no header. */
  readonly header: DigestHeader | undefined;
  /** Every line that is a digest in form. */
  readonly rows: readonly NumberedRow[];
  readonly faults: readonly DigestFault[];
}

export const digestFormat = 'dramatis-digests';
export const digestVersion = 1;

/** Reads a digest file as far as form goes: its names and places are looked up by `checkDigests`. */
export function parseDigestFile(text: string): DigestFile {
  const faults: DigestFault[] = [];
  const rows: NumberedRow[] = [];
  let header: DigestHeader | undefined;
  let isFirst = true;
  for (const [i, written] of text.split('\n').entries()) {
    const line = i + 1;
    if (written.trim() === '') continue;
    try {
      const value = objectOf(written);
      if (isFirst) header = headerOf(value);
      else rows.push({ line, row: rowOf(value) });
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      faults.push({ line, message: error.message, remedy: error.remedy });
    }
    isFirst = false;
  }
  if (isFirst) faults.push({ line: 1, message: 'the file is empty', remedy: headerRemedy });
  return { header, rows, faults };
}

/** The error that a fault of a named file is thrown as. */
export function faultError(file: string, { line, message, remedy }: DigestFault): DramatisError {
  return new DramatisError('DIGESTS_INVALID', `${file}, line ${line}: ${message}`, { remedy });
}

/** A digest file's text: the header, then a line each. */
export function writeDigestFile(header: DigestHeader, rows: readonly DigestRow[]): string {
  return [header, ...rows].map((line) => `${JSON.stringify(line)}\n`).join('');
}

class Malformed extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

const headerRemedy = `Begin the file with {"format":"${digestFormat}","version":${digestVersion},"play":"…","text":"<sha256 of the play's text>","persons":{}}.`;

type Fields = Readonly<Record<string, unknown>>;

function objectOf(written: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch (error) {
    throw new Malformed(
      `not JSON: ${(error as Error).message}`,
      'Write one JSON object a line, with no line break within it.',
    );
  }
  if (isObject(value)) return value;
  throw new Malformed('not a JSON object', 'Write one JSON object a line.');
}

function headerOf(value: Fields): DigestHeader {
  if (value.format !== digestFormat)
    throw new Malformed(`no header: "format" is ${shown(value.format)}`, headerRemedy);
  if (value.version !== digestVersion)
    throw new Malformed(
      `version ${shown(value.version)} of the format; this Dramatis reads version ${digestVersion}`,
      'Update Dramatis, or write the file in the version it reads.',
    );
  only(value, ['format', 'version', 'play', 'text', 'persons', 'drafted']);
  const persons = Object.entries(isObject(value.persons) ? value.persons : {}).map(
    ([key, person]): [string, PersonRow] => {
      if (!isObject(person)) throw wanted(`persons.${key}`, person, '{"name", "is"}');
      only(person, ['name', 'is']);
      const name = text(person, 'name');
      return [key, person.is === undefined ? { name } : { name, is: texts(person, 'is') }];
    },
  );
  return {
    format: digestFormat,
    version: digestVersion,
    play: text(value, 'play'),
    text: text(value, 'text'),
    persons: Object.fromEntries(persons),
    ...(value.drafted !== undefined && { drafted: draftedOf(value.drafted) }),
  };
}

function draftedOf(value: unknown): Record<string, string> {
  if (!isObject(value)) throw wanted('drafted', value, 'an object of scenes');
  return Object.fromEntries(Object.keys(value).map((scene) => [scene, text(value, scene)]));
}

const rowFields = [
  ...['id', 'from', 'end', 'words', 'text', 'about', 'witnesses'],
  ...['asks', 'told', 'offstage', 'source'],
];

function rowOf(value: Fields): DigestRow {
  only(value, rowFields);
  return {
    id: text(value, 'id'),
    from: text(value, 'from'),
    end: text(value, 'end'),
    words: text(value, 'words'),
    text: text(value, 'text'),
    about: texts(value, 'about'),
    witnesses: texts(value, 'witnesses'),
    ...(value.asks !== undefined && { asks: texts(value, 'asks') }),
    ...(value.told !== undefined && { told: toldOf(value.told) }),
    ...(value.offstage !== undefined && { offstage: text(value, 'offstage') }),
    ...(value.source !== undefined && { source: sourceOf(value.source) }),
  };
}

function toldOf(value: unknown): ToldRow[] {
  if (!Array.isArray(value)) throw wanted('told', value, 'an array of {"who", "at", "by"}');
  return value.map((one: unknown) => {
    if (!isObject(one)) throw wanted('told', one, '{"who", "at", "by"}');
    only(one, ['who', 'at', 'by']);
    const told = { who: text(one, 'who'), at: text(one, 'at') };
    return one.by === undefined ? told : { ...told, by: text(one, 'by') };
  });
}

function sourceOf(value: unknown): DigestSource {
  if (!isObject(value)) throw wanted('source', value, '{"model", "prompt", "scene"}');
  only(value, ['model', 'prompt', 'scene', 'draft']);
  return {
    model: text(value, 'model'),
    prompt: text(value, 'prompt'),
    scene: text(value, 'scene'),
    ...(value.draft !== undefined && { draft: text(value, 'draft') }),
  };
}

function only(value: Fields, fields: readonly string[]): void {
  const odd = Object.keys(value).find((key) => !fields.includes(key));
  if (odd === undefined) return;
  throw new Malformed(
    `there is no field "${odd}"`,
    `Correct its name, or leave it out; the fields are ${fields.join(', ')}.`,
  );
}

function text(value: Fields, field: string): string {
  const found = value[field];
  if (typeof found === 'string' && found.trim() !== '') return found;
  throw wanted(field, found, 'a text');
}

function texts(value: Fields, field: string): string[] {
  const found = value[field];
  const isText = (one: unknown): one is string => typeof one === 'string' && one.trim() !== '';
  if (Array.isArray(found) && found.every(isText)) return found;
  throw wanted(field, found, 'an array of texts');
}

function wanted(field: string, found: unknown, what: string): Malformed {
  const message = found === undefined ? `"${field}" is missing` : `"${field}" is ${shown(found)}`;
  return new Malformed(message, `Give ${what} for "${field}".`);
}

function shown(value: unknown): string {
  const written = JSON.stringify(value) ?? 'missing';
  return written.length > 60 ? `${written.slice(0, 60)}…` : written;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
