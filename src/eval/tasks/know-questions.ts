import { DramatisError } from '../../errors.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import { requirePlace } from '../../play/place.ts';
import type { Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';
import type { Span } from '../task.ts';
import { isAccepted, isRejected, patternOf } from './know-judge.ts';

interface Asked {
  /** Unique in its file. */
  readonly id: string;
  /** Cast name or alias of the one who is asked. */
  readonly character: string;
  readonly question: string;
  /** The point in the story, act.scene or act.scene.line; without it the whole play is over. */
  readonly at?: string | undefined;
  /** Regular expressions, case ignored, that make an answer wrong; of what cannot be known, that would show knowledge. */
  readonly reject: readonly string[];
}

/** A question whose answer the character has lived through or been told. */
export interface KnownQuestion extends Asked {
  readonly kind: 'known';
  /** Groups of regular expressions, case ignored: an answer is right if one of each group is in it. */
  readonly accept: readonly (readonly string[])[];
  /** The right answer in short, plain words. */
  readonly answer?: string | undefined;
  /** Wrong answers of the same kind and about the same length. */
  readonly choices: readonly string[];
  /** Where the play tells it; the first says which scene the question belongs to. */
  readonly gold: readonly Span[];
}

/** Why something cannot be known: it is yet to happen, never learnt, or of another time or story. */
const unknownKinds = ['before', 'never', 'outside'] as const;

/** A question that the character cannot answer. */
interface UnknownQuestion extends Asked {
  readonly kind: (typeof unknownKinds)[number];
  /** The scene that shows what is asked about, where there is one. */
  readonly scene?: string | undefined;
}

export type Question = KnownQuestion | UnknownQuestion;

/** Questions of one file, each with its line, counted from 1. */
export interface QuestionFile {
  /** Catalogue id, and a word of the title of any edition. */
  readonly play: string;
  readonly questions: readonly Question[];
  readonly lines: readonly number[];
}

/**
 * Reads questions, a JSON object to a line after a header; data/questions/README.md describes them.
 *
 * @param file What the text is called in messages.
 * @throws {DramatisError} QUESTIONS_REFUSED with the first line that is wrong.
 */
export function readQuestions(text: string, file: string): QuestionFile {
  const written = text
    .split('\n')
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => line.trim() !== '');
  const [first, ...rest] = written;
  if (!first) throw refusal(`${file} is empty`);
  const play = atLine(file, first.number, () => headerOf(first.line));
  const ids = new Set<string>();
  const questions = rest.map(({ line, number }) =>
    atLine(file, number, () => {
      const question = questionOf(objectOf(line));
      if (ids.has(question.id)) throw refusal(`has the id "${question.id}" of a line before`);
      ids.add(question.id);
      return question;
    }),
  );
  return { play, questions, lines: rest.map(({ number }) => number) };
}

/**
 * Makes sure that a play has everybody and every place that questions name.
 *
 * @throws {DramatisError} QUESTIONS_REFUSED with the first line that is wrong.
 */
export function requireFits(questions: QuestionFile, play: Play, file: string): void {
  const lines = lastLines(play);
  questions.questions.forEach((question, i) => {
    atLine(file, questions.lines[i]!, () => {
      findCharacter(play, question.character);
      if (question.at !== undefined) requirePlace(play, question.at);
      if (question.kind === 'known')
        for (const span of question.gold) requireSpan(span, play, lines);
      else if (question.scene !== undefined) requirePlace(play, question.scene);
    });
  });
}

function requireSpan({ from, end }: Span, play: Play, lines: ReadonlyMap<string, number>): void {
  const [first, last] = [requirePlace(play, from), requirePlace(play, end)];
  const scene = `${first.act}.${first.scene}`;
  if (`${last.act}.${last.scene}` !== scene)
    throw refusal(`has gold from ${from} to ${end}, which are in two scenes`);
  if (!first.line || !last.line || first.line > last.line)
    throw refusal(`has gold from ${from} to ${end}; give first and last line of one scene`);
  const most = lines.get(scene) ?? 0;
  if (last.line > most) throw refusal(`has gold to ${end}, but scene ${scene} has ${most} lines`);
}

/** Number of the last line of each scene that has any. */
function lastLines(play: Play): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const { act, scene, speech } of speeches(play)) {
    const line = Number(speech.place.split('.')[2]) + speech.lines.length - 1;
    last.set(`${act.number}.${scene.number}`, line);
  }
  return last;
}

type Json = Readonly<Record<string, unknown>>;

const refusal = (why: string, cause?: unknown): DramatisError =>
  new DramatisError('QUESTIONS_REFUSED', why, { cause });

/** Says which line it is that something cannot be read of. */
function atLine<T>(file: string, line: number, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof DramatisError)) throw cause;
    const { message } = cause;
    const why = cause.code === 'QUESTIONS_REFUSED' ? message : `does not fit: ${message}`;
    throw refusal(`line ${line} of ${file} ${why}`, cause);
  }
}

function headerOf(line: string): string {
  const { format, version, play } = objectOf(line);
  if (format !== 'dramatis-questions' || version !== 1)
    throw refusal('is no header {"format":"dramatis-questions","version":1,"play":"…"}');
  if (typeof play !== 'string' || play === '') throw refusal('does not say which "play" it is for');
  return play;
}

function objectOf(line: string): Json {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (cause) {
    throw refusal('is not JSON', cause);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw refusal('is not an object');
  return json as Json;
}

function questionOf(json: Json): Question {
  const asked = {
    id: text(json, 'id'),
    character: text(json, 'character'),
    question: text(json, 'question'),
    ...(json.at !== undefined && { at: text(json, 'at') }),
    reject: patterns(json.reject ?? [], 'reject'),
  };
  return json.unknown === undefined ? knownOf(json, asked) : unknownOf(json, asked);
}

function knownOf(json: Json, asked: Asked): KnownQuestion {
  const answer = json.answer === undefined ? undefined : text(json, 'answer');
  const accept = groupsOf(json.accept);
  const choices = texts(json.choices ?? [], 'choices');
  if (choices.length > 0 && answer === undefined)
    throw refusal('has choices, but no "answer" that they are wrong beside');
  if (answer !== undefined && !isAccepted(accept, answer))
    throw refusal(`has the answer "${answer}", which its own "accept" does not match`);
  if (answer !== undefined && isRejected(asked.reject, answer))
    throw refusal(`has the answer "${answer}", which its own "reject" matches`);
  const wrong = choices.find((choice) => isAccepted(accept, choice));
  if (wrong !== undefined) throw refusal(`has the choice "${wrong}", which "accept" matches`);
  return { kind: 'known', ...asked, answer, accept, choices, gold: spansOf(json.gold ?? []) };
}

function unknownOf(json: Json, asked: Asked): UnknownQuestion {
  const kind = unknownKinds.find((known) => known === json.unknown);
  if (!kind) throw refusal(`has "unknown" ${json.unknown}; there are ${unknownKinds.join(', ')}`);
  if (asked.reject.length === 0) throw refusal('has no "reject": nothing would show knowledge');
  if (kind === 'before' && asked.at === undefined)
    throw refusal('is asked before something happens, but does not say "at" which place');
  if (isRejected(asked.reject, asked.question))
    throw refusal('has a "reject" that the question itself matches, so that to repeat it is wrong');
  return { kind, ...asked, ...(json.scene !== undefined && { scene: text(json, 'scene') }) };
}

/** One list of patterns is one group. */
function groupsOf(given: unknown): readonly (readonly string[])[] {
  if (!Array.isArray(given) || given.length === 0)
    throw refusal('has no list of patterns under "accept"');
  const groups = given.every(Array.isArray) ? given : [given];
  return groups.map((group) => patterns(group, 'accept'));
}

function patterns(given: unknown, key: string): readonly string[] {
  const list = texts(given, key);
  for (const pattern of list)
    try {
      patternOf(pattern);
    } catch (cause) {
      throw refusal(`has "${pattern}" under "${key}", which is no regular expression`, cause);
    }
  return list;
}

function spansOf(given: unknown): readonly Span[] {
  if (!Array.isArray(given)) throw refusal('has "gold" that is no list of {"from","end"}');
  return given.map((span) => {
    if (typeof span !== 'object' || span === null) throw refusal('has "gold" that is no object');
    return { from: text(span as Json, 'from'), end: text(span as Json, 'end') };
  });
}

function texts(given: unknown, key: string): readonly string[] {
  if (!Array.isArray(given) || given.some((one) => typeof one !== 'string' || one.trim() === ''))
    throw refusal(`has something else than a list of texts under "${key}"`);
  return given as readonly string[];
}

function text(json: Json, key: string): string {
  const value = json[key];
  if (typeof value !== 'string' || value.trim() === '') throw refusal(`has no text under "${key}"`);
  return value;
}
