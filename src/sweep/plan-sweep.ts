import { basename, dirname, join } from 'node:path';
import { benchNames } from '../engine/bench/measured.ts';
import { DramatisError } from '../errors.ts';
import { tasksNamed } from '../eval/tasks/all.ts';
import { embeddingModel } from '../hub/catalogue.ts';
import { modelSha256 } from '../hub/model-sha256.ts';
import { resolveModel } from '../hub/models.ts';
import { choiceTasksNamed } from '../reinforce/choice-tasks.ts';
import { parseLeverNames } from '../steer/lever-names.ts';
import { readFileBytes } from '../store/read-file-bytes.ts';
import { sha256 } from '../store/sha256.ts';
import { openSource } from '../workspace/open-source.ts';
import { program } from '../workspace/program.ts';
import { sceneTasks } from '../workspace/scenes/plan-scenes.ts';
import { hubOptions, type Workspace } from '../workspace/workspace.ts';
import {
  type Manifest,
  readSweep,
  type Sweep,
  type SweepInput,
  writeManifest,
} from './manifest.ts';
import { charactersOf, learnedPlays, planTasks } from './plan-tasks.ts';
import { askedOf, namesIn, pathIn, playedOf, readStudy, type StudyFile } from './study.ts';

export interface PlanOptions {
  /** The study file. */
  readonly study: string;
  /** Folder of the manifest and of all that comes out; the study's name without ".json", beside it, unless given. */
  readonly out?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the manifest of a study: fetches what its tasks read, checks it, and writes every command down. The same study
 * again gives the same manifest, and leaves what is done.
 *
 * @throws {DramatisError} STUDY_INVALID; SWEEP_CHANGED if another study was begun in the folder; CHARACTER_UNKNOWN, USAGE
 *   for a task or a lever that there is not; what fetching throws; `signal.reason`.
 */
export async function planSweep(
  workspace: Workspace,
  { study, out, signal }: PlanOptions,
): Promise<Sweep> {
  const file = await readStudy(study);
  const folder = out ?? join(dirname(file.path), basename(file.path).replace(/\.json$/i, ''));
  const manifest = await manifestOf(workspace, file, signal);
  const before = await formerly(folder);
  if (before && JSON.stringify(before.manifest) !== JSON.stringify(manifest))
    throw new DramatisError(
      'SWEEP_CHANGED',
      `${before.path} was planned from another study, other files or another version (${before.manifest.program})`,
      { remedy: 'Give another folder with --out; what is in this one stays.' },
    );
  if (!before) await writeManifest(folder, manifest);
  return readSweep(folder);
}

async function manifestOf(
  workspace: Workspace,
  file: StudyFile,
  signal: AbortSignal | undefined,
): Promise<Manifest> {
  const { study, text, path } = file;
  for (const { tasks } of askedOf(study)) tasksNamed(namesIn(tasks));
  for (const { tasks } of playedOf(study)) requireNamed('scenes', tasks, sceneTasks, path);
  for (const recipe of Object.values(study.recipes))
    if (recipe?.reinforce !== undefined) choiceTasksNamed(namesIn(String(recipe.reinforce)));
  requireNamed('benches', study.speed?.benches, benchNames, path);
  for (const levers of study.levers ?? []) parseLeverNames(levers);
  const inputs = await inputsOf(workspace, file, signal);
  const tasks = planTasks(file, inputs, program());
  const labels = tasks.map(({ label }) => label);
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined)
    throw new DramatisError('STUDY_INVALID', `${path} names something twice: ${twice}`);
  return {
    format: 'dramatis-sweep',
    formatVersion: 1,
    program: program(),
    study: { name: basename(path), sha256: sha256(text) },
    inputs,
    tasks,
  };
}

/** @throws {DramatisError} STUDY_INVALID for a name that is none of those there are. */
function requireNamed(
  what: string,
  given: string | undefined,
  known: readonly string[],
  path: string,
): void {
  const wrong = (given === undefined ? [] : namesIn(given)).find((name) => !known.includes(name));
  if (wrong !== undefined)
    throw new DramatisError(
      'STUDY_INVALID',
      `${path} has ${what} "${wrong}"; there are ${known.join(', ')}`,
    );
}

/** Everything that tasks read beside each other's outputs; fetched if it is not here. */
async function inputsOf(
  workspace: Workspace,
  file: StudyFile,
  signal: AbortSignal | undefined,
): Promise<SweepInput[]> {
  const { study } = file;
  const found: SweepInput[] = [];
  for (const name of study.models)
    found.push(await modelInput(workspace, 'model', pathIn(file, name), signal));
  for (const { name: character, play } of charactersOf(file)) {
    const source = await openSource(workspace, { character, play }, signal);
    const name = play ?? source.id;
    if (!found.some((one) => one.kind === 'play' && one.name === name))
      found.push({ kind: 'play', name, sha256: source.sha256 });
  }
  const asked = found.filter(({ kind }) => kind === 'play').map(({ sha256: hash }) => hash);
  for (const [recipe, options] of Object.entries(study.recipes))
    for (const name of learnedPlays(file, options ?? {})) {
      const { id, sha256: hash } = await openSource(workspace, { play: name }, signal);
      if (asked.includes(hash)) throw askedAndLearned(file, recipe, id);
      if (!found.some((one) => one.kind === 'play' && one.name === name))
        found.push({ kind: 'play', name, sha256: hash });
    }
  const options = [study.eval, ...askedOf(study)];
  const given = [
    ...Object.values(study.recipes).map((one) => one?.data),
    ...options.map((one) => one?.questions),
  ];
  for (const path of new Set(given.filter((one) => one !== undefined))) {
    const name = pathIn(file, String(path));
    found.push({ kind: 'data', name, sha256: sha256(await readFileBytes(name)) });
  }
  if (isRemembering(file))
    found.push(await modelInput(workspace, 'embedder', embeddingModel, signal));
  return found;
}

function askedAndLearned({ path }: StudyFile, recipe: string, play: string): DramatisError {
  return new DramatisError(
    'STUDY_INVALID',
    `${path}: the recipe "${recipe}" learns from ${play}, whose characters are asked`,
    { remedy: 'Leave that play out of its "plays": what is asked must not have been learned.' },
  );
}

/** Whether a task recalls, and so needs the embedding model. */
function isRemembering({ study }: StudyFile): boolean {
  const recipes = Object.values(study.recipes);
  return (
    recipes.some(
      (recipe) => recipe !== null && recipe.reinforce === undefined && recipe.memory !== false,
    ) ||
    [study.eval, ...askedOf(study)].some((options) => options?.memory === true) ||
    study.scenes !== undefined ||
    askedOf(study).some(({ tasks }) => tasksNamed(namesIn(tasks)).some((task) => task.isOfMemory))
  );
}

async function modelInput(
  workspace: Workspace,
  kind: 'model' | 'embedder',
  name: string,
  signal: AbortSignal | undefined,
): Promise<SweepInput> {
  const hub = hubOptions(workspace, signal);
  return { kind, name, sha256: await modelSha256(await resolveModel(name, hub), hub) };
}

async function formerly(folder: string): Promise<Sweep | undefined> {
  try {
    return await readSweep(folder);
  } catch (error) {
    if (error instanceof DramatisError && error.code === 'FILE_MISSING') return undefined;
    throw error;
  }
}

/**
 * Checks that everything the tasks of a sweep read is here, and is what the plan was made with. Opens no socket: what is
 * missing is missed before the first task begins, not in it.
 *
 * @throws {DramatisError} SWEEP_CHANGED for another file or another version of the program; OFFLINE, FILE_MISSING.
 */
export async function requireInputs(
  workspace: Workspace,
  { manifest, path }: Pick<Sweep, 'manifest' | 'path'>,
  signal?: AbortSignal,
): Promise<void> {
  if (manifest.program !== program())
    throw new DramatisError(
      'SWEEP_CHANGED',
      `${path} was planned by ${manifest.program}; this is ${program()}`,
    );
  const offline = { ...workspace, hub: { ...workspace.hub, offline: true } };
  for (const { kind, name, sha256: wanted } of manifest.inputs) {
    const found = await hashOf(offline, kind, name, signal);
    if (found === wanted) continue;
    const [was, is] = [wanted, found].map((one) => one.slice(0, 12));
    throw new DramatisError('SWEEP_CHANGED', `the ${kind} ${name} was ${was}… and is ${is}…`);
  }
}

async function hashOf(
  workspace: Workspace,
  kind: SweepInput['kind'],
  name: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (kind === 'play') return (await openSource(workspace, { play: name }, signal)).sha256;
  if (kind === 'data') return sha256(await readFileBytes(name));
  return (await modelInput(workspace, kind, name, signal)).sha256;
}
