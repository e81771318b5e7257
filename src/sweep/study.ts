import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { DramatisError } from '../errors.ts';
import { errnoOf, unreadable } from '../store/disk.ts';
import { refuseDevice } from '../store/read-file-bytes.ts';
import { writeAtomic } from '../store/write-atomic.ts';

const closed = { additionalProperties: false } as const;
const text = Type.String({ minLength: 1 });
const count = Type.Integer({ minimum: 1 });
const value = Type.Union([text, Type.Number(), Type.Boolean()]);

/** Options of "dramatis train" that a recipe may give, by their names on the command line. */
const recipeOptions = [
  ...['objective', 'beta', 'form', 'memory', 'rank', 'alpha', 'rslora', 'scope', 'dropout'],
  ...['layers', 'matrices', 'epochs', 'lr', 'context', 'batch', 'patience', 'precision'],
  ...['kinds', 'words', 'directions', 'other-speakers', 'short-replies', 'contrast', 'data'],
] as const;
/** Options of "dramatis reinforce choice" that a recipe may give beside `reinforce`, which names what is learned, and `plays`. */
const reinforceOptions = [
  ...['reinforce', 'plays', 'form', 'steps', 'patience', 'looks-every', 'look-pages'],
  ...['rank', 'lr', 'batch', 'control', 'precision'],
] as const;
/** Options of "dramatis eval" that a study may give. */
const evalOptions = [
  ...['limit', 'split', 'anchors', 'persona', 'memory', 'steer-scores', 'adapter-scale'],
  'questions',
] as const;

/** Options of "dramatis eval --run" that a study may give. */
const sceneOptions = ['play', 'split', 'limit', 'settings', 'policies', 'seeds', 'turns'] as const;
/** Options of "dramatis bench" that a study may give. */
const speedOptions = ['repetitions', 'turns', 'contexts', 'batches'] as const;

const optionsNamed = <Name extends string>(names: readonly Name[]) =>
  Type.Partial(
    Type.Object(
      Object.fromEntries(names.map((name) => [name, value])) as Record<Name, typeof value>,
    ),
    closed,
  );

const optional = Type.Optional(value);
const optionalValues = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, optional])) as Record<Name, typeof optional>;

const speedSchema = Type.Object({ benches: text, ...optionalValues(speedOptions) }, closed);
const scenesSchema = Type.Object(
  {
    tasks: text,
    /** Models that play them; all unless given. */
    models: Type.Optional(Type.Array(text, { minItems: 1 })),
    ...optionalValues(sceneOptions),
  },
  closed,
);
const names = Type.Optional(Type.Array(text, { minItems: 1 }));
/** Tasks that are asked together; with options of their own, and of some models, characters and recipes alone. */
const askedSchema = Type.Object(
  {
    tasks: text,
    models: names,
    characters: names,
    recipes: names,
    /** Components that are left out, each in an evaluation of its own, to be compared with those that leave out nothing. */
    without: Type.Optional(
      Type.Array(Type.Union([Type.Literal('persona'), Type.Literal('memory')]), { minItems: 1 }),
    ),
    ...optionalValues(evalOptions),
  },
  closed,
);

const resources = Type.Partial(
  Type.Object({ cpus: count, gpus: Type.Integer({ minimum: 0 }), memMiB: count, minutes: count }),
  closed,
);

const studySchema = Type.Object(
  {
    models: Type.Array(text, { minItems: 1 }),
    play: Type.Optional(text),
    characters: Type.Array(Type.Union([text, Type.Object({ name: text, play: text }, closed)]), {
      minItems: 1,
    }),
    recipes: Type.Record(
      Type.String(),
      Type.Union([
        optionsNamed([...new Set([...recipeOptions, ...reinforceOptions])]),
        Type.Null(),
      ]),
    ),
    seeds: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }), { minItems: 1 }),
    ),
    folds: Type.Optional(Type.Literal(5)),
    levers: Type.Optional(Type.Array(text, { minItems: 1 })),
    /** Models that recipes train; all unless given. */
    trained: Type.Optional(Type.Array(text)),
    tasks: Type.Array(Type.Union([text, askedSchema]), { minItems: 1 }),
    scenes: Type.Optional(Type.Union([scenesSchema, Type.Array(scenesSchema, { minItems: 1 })])),
    speed: Type.Optional(speedSchema),
    eval: Type.Optional(optionsNamed(evalOptions)),
    resources: Type.Optional(
      Type.Partial(
        Type.Object(
          { train: resources, eval: resources, scenes: resources, speed: resources },
          closed,
        ),
      ),
    ),
  },
  closed,
);

/** What a user writes: every combination of these is trained and evaluated. */
export type Study = Static<typeof studySchema>;
/** What a task needs of a machine, as far as the study says. */
export type StudyResources = Static<typeof resources>;

/** Tasks that are asked together, as a study says it at length. */
export type AskedTasks = Static<typeof askedSchema>;
/** Scenes that are played, by some models or all. */
export type StudyScenes = Static<typeof scenesSchema>;

/** Everything that a study asks of characters, each at length. */
export const askedOf = ({ tasks }: Pick<Study, 'tasks'>): AskedTasks[] =>
  tasks.map((one) => (typeof one === 'string' ? { tasks: one } : one));

/** Everything that a study lets models play. */
export const playedOf = ({ scenes = [] }: Pick<Study, 'scenes'>): readonly StudyScenes[] =>
  Array.isArray(scenes) ? scenes : [scenes];

/** Names in a string such as "who bits,cloze". */
export const namesIn = (given: string): string[] => given.split(/[\s,]+/);

/** A study as it was read. */
export interface StudyFile {
  readonly path: string;
  /** The file's text, of which the manifest keeps the SHA-256. */
  readonly text: string;
  readonly study: Study;
}

/**
 * Reads a study file. Paths in it are relative to the folder it lies in.
 *
 * @throws {DramatisError} FILE_MISSING; STUDY_INVALID with the first field that is wrong.
 */
export async function readStudy(path: string): Promise<StudyFile> {
  await refuseDevice(path);
  const found = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT')
      throw new DramatisError('FILE_MISSING', `there is no file ${path}`);
    throw unreadable(path, error);
  });
  return { path: resolve(path), text: found, study: parseStudy(found, path) };
}

/** A study as its file has it: the manifest keeps the hash of this text. */
export const studyText = (study: Study): string => `${JSON.stringify(study, null, 2)}\n`;

/**
 * Writes a study into a folder, as `study.json`; one that is there and is the same stays.
 *
 * @returns Its path.
 * @throws {DramatisError} SWEEP_CHANGED if another is there: it may have been changed by hand.
 */
export async function writeStudy(folder: string, study: Study): Promise<string> {
  const path = join(folder, 'study.json');
  const wanted = studyText(study);
  const there = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  });
  if (there !== undefined && there !== wanted)
    throw new DramatisError('SWEEP_CHANGED', `${path} is another study, or was changed`, {
      remedy: `Plan what is there with "dramatis sweep plan ${path} --out ${folder}", or give another folder.`,
    });
  if (there === undefined) await writeAtomic(path, wanted);
  return path;
}

/** @throws {DramatisError} STUDY_INVALID */
export function parseStudy(found: string, path: string): Study {
  let parsed: unknown;
  try {
    parsed = JSON.parse(found);
  } catch (error) {
    throw invalid(`${path} is not JSON: ${(error as Error).message}`, error);
  }
  if (!Value.Check(studySchema, parsed)) throw invalid(`${path}: ${faultOf(parsed)}`);
  for (const [name, recipe] of Object.entries(parsed.recipes)) {
    const fault = recipe && recipeFault(recipe);
    if (fault) throw invalid(`${path}: ${fault} in "recipes.${name}"`);
  }
  return parsed;
}

/** What a recipe has that its kind cannot have, or lacks. */
function recipeFault(recipe: object): string | undefined {
  const isReinforced = 'reinforce' in recipe;
  const known: readonly string[] = isReinforced ? reinforceOptions : recipeOptions;
  const other = Object.keys(recipe).find((name) => !known.includes(name));
  if (other !== undefined) {
    const of = isReinforced ? 'where something is reinforced' : 'without "reinforce"';
    return `there is no field "${other}" ${of}`;
  }
  if (isReinforced && !('plays' in recipe)) return 'the field "plays" is missing';
  return undefined;
}

/** The path that a study names, absolute; what is no path, such as an id of the catalogue, as it is. */
export function pathIn(study: StudyFile, named: string): string {
  // An ending begins with a letter: "qwen2.5-coder-1.5b" is no file of the kind ".5b".
  const isPath = !/^[a-z]+:/i.test(named) && /[/\\]|\.[a-z][a-z0-9]*$/i.test(named);
  return isPath ? resolve(dirname(study.path), named) : named;
}

function faultOf(parsed: unknown): string {
  const errors = Value.Errors(studySchema, parsed);
  const unknown = errors.find((error) => error.keyword === 'additionalProperties');
  if (unknown) {
    const { additionalProperties } = unknown.params as { additionalProperties: string[] };
    return `there is no field "${additionalProperties[0]}" in ${fieldOf(unknown.instancePath)}`;
  }
  // Of a field that may be several things the last complaint is about all of them.
  const first = errors[0]!;
  const whole = errors.findLast((error) => error.instancePath === first.instancePath)!;
  return `${fieldOf(whole.instancePath)} ${whole.message}`;
}

const fieldOf = (path: string): string =>
  path === '' ? 'the study' : `"${path.slice(1).replaceAll('/', '.')}"`;

const invalid = (message: string, cause?: unknown): DramatisError =>
  new DramatisError('STUDY_INVALID', message, { cause });
