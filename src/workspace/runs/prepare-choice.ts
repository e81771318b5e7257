import { join } from 'node:path';
import { heldOutWhole } from '../../corpus/splits/play-folds.ts';
import { DramatisError } from '../../errors.ts';
import { formFor, templateOf } from '../../prompt/form.ts';
import { templateVersion } from '../../prompt/prompt.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Base } from '../../registry/screen.ts';
import type { AdapterVersion } from '../../registry/version.ts';
import { type ChoiceRecipe, choiceDefaults } from '../../reinforce/choice-recipe.ts';
import type { ChoiceTask } from '../../reinforce/choice-task.ts';
import { choiceTasksNamed } from '../../reinforce/choice-tasks.ts';
import type { ReinforcingEvent } from '../../reinforce/reinforcing.ts';
import type { Folders } from '../../store/folders.ts';
import { type RunConfig, RunFolder } from '../../store/run-folder.ts';
import { sha256Of } from '../../store/sha256.ts';
import { type OpenedModel, openModel } from '../open-model.ts';
import { openRegistry } from '../open-registry.ts';
import type { OpenedSource } from '../open-source.ts';
import { type Workspace, warnIn } from '../workspace.ts';
import { openStack } from './build-on.ts';
import { environment } from './environment.ts';
import { learnedPlays, openLearnedPlays, requireUntouched } from './held-out-plays.ts';
import type { VersionRunOptions } from './version-run.ts';

export interface ReinforceOptions extends VersionRunOptions {
  /** Names of tasks that can be learned: see `choiceTasks`. */
  readonly tasks: readonly string[];
  /** Ids or files of plays to learn from; all of the catalogue that are not held out unless given. */
  readonly plays?: readonly string[] | undefined;
  /** Which fold of the catalogue's plays is held out whole, to be tested on later; 0 unless given. */
  readonly heldOutFold?: number | undefined;
  /** Id of the catalogue, path of a GGUF file, or URI; the model in use unless given. */
  readonly model?: string | undefined;
  /** Id of a version to learn on top of: it stays as it is, and is active beneath. */
  readonly on?: string | undefined;
  /** What is to differ from the default recipe. */
  readonly recipe?:
    | { readonly [Name in keyof ChoiceRecipe]?: ChoiceRecipe[Name] | undefined }
    | undefined;
  /** Ends the run after so many minutes, with what it has. */
  readonly minutes?: number | undefined;
}

/** What a run depends on, as its folder keeps it. */
export interface ChoiceConfig extends RunConfig {
  readonly tasks: readonly { readonly name: string; readonly version: number }[];
  readonly plays: readonly { readonly id: string; readonly sha256: string }[];
  readonly heldOutFold: number;
  /** sha256 of the base model's file, in hex. */
  readonly base: string;
  /** Id of the version beneath. */
  readonly on: string | null;
  readonly templateVersion: number;
  readonly recipe: ChoiceRecipe;
}

/** What a run's folder keeps of its events. */
export type RecordedReinforcing = Extract<ReinforcingEvent, { kind: 'step' | 'look' | 'end' }>;

/** All that a run of reinforcement starts from. Disposing of it leaves the model. */
export interface PreparedChoice extends Disposable {
  readonly registry: Registry;
  readonly opened: OpenedModel;
  readonly base: Base & { readonly name: string };
  readonly tasks: readonly ChoiceTask[];
  /** New to the model, whole: it is shown nothing of them beside the page. */
  readonly sources: readonly OpenedSource[];
  readonly recipe: ChoiceRecipe;
  readonly heldOutFold: number;
  /** The versions beneath, the lowest first, with their factors. */
  readonly under: Awaited<ReturnType<typeof openStack>>;
  readonly run: RunFolder<RecordedReinforcing>;
  readonly isResumed: boolean;
}

/**
 * Opens and checks what a run needs, and its folder.
 *
 * @throws {DramatisError} USAGE, ADAPTER_MISMATCH and what opening the parts throws.
 */
export async function prepareChoice(
  workspace: Workspace,
  options: ReinforceOptions,
): Promise<PreparedChoice> {
  const { heldOutFold = 0, model, signal } = options;
  const tasks = choiceTasksNamed(options.tasks);
  const ids = learnedPlays({ plays: options.plays, heldOutFold });
  const opened = await openModel(workspace, model, signal);
  try {
    const recipe = recipeOf(options, opened);
    const registry = openRegistry(workspace);
    const base = {
      name: opened.name,
      header: opened.model.header,
      sha256: await opened.sha256(),
    };
    const under = await underOf(registry, options, { base: base.sha256, form: recipe.form });
    for (const version of under.versions) requireUntouched(version, heldOutFold);
    const plays = await openLearnedPlays(workspace, ids, { heldOutFold, signal });
    const sources = plays.map((source) => ({ ...source, split: heldOutWhole(source.split) }));
    const config: ChoiceConfig = {
      tasks: tasks.map(({ name, version }) => ({ name, version })),
      plays: sources.map(({ id, sha256 }) => ({ id, sha256 })),
      heldOutFold,
      base: base.sha256,
      on: under.versions.at(-1)?.id ?? null,
      templateVersion,
      recipe,
    };
    const found = await runOf(workspace, options, config);
    return {
      ...{ registry, opened, base, tasks, sources, recipe, heldOutFold, under },
      ...found,
      [Symbol.dispose]: () => opened[Symbol.dispose](),
    };
  } catch (error) {
    opened[Symbol.dispose]();
    throw error;
  }
}

/** @throws {DramatisError} USAGE for a chat with a model whose template is not known. */
function recipeOf({ recipe = {} }: ReinforceOptions, { model, name }: OpenedModel): ChoiceRecipe {
  const form = recipe.form ?? formFor(model);
  if (form === 'chat' && !templateOf(model))
    throw new DramatisError('USAGE', `${name} has no chat template that is known`, {
      remedy: 'Leave --form out, or give --form script.',
    });
  const asked = Object.entries(recipe).filter(([, value]) => value !== undefined);
  const alpha = 2 * (recipe.rank ?? choiceDefaults.rank);
  return { ...choiceDefaults, alpha, ...Object.fromEntries(asked), form };
}

async function underOf(
  registry: Registry,
  { on }: ReinforceOptions,
  use: { readonly base: string; readonly form: ChoiceRecipe['form'] },
): Promise<{ versions: readonly AdapterVersion[]; factors: PreparedChoice['under']['factors'] }> {
  return on === undefined ? { versions: [], factors: [] } : openStack(registry, on, use);
}

/** Where the runs of `reinforce choice` are kept. */
export const choiceRuns = ({ runs }: Pick<Folders, 'runs'>): string => join(runs, 'reinforce');

/** A new run, or one that was cut to go on with. */
async function runOf(
  workspace: Workspace,
  { resume = false }: ReinforceOptions,
  config: ChoiceConfig,
): Promise<Pick<PreparedChoice, 'run' | 'isResumed'>> {
  const parent = choiceRuns(workspace.folders);
  if (resume) {
    const run = await RunFolder.unfinished<RecordedReinforcing>(parent, config, warnIn(workspace));
    if (run) return { run, isResumed: true };
  }
  const label = `choice-${config.tasks.map(({ name }) => name).join('-')}`;
  const run = await RunFolder.create<RecordedReinforcing>(parent, label, config, environment());
  return { run, isResumed: false };
}

/** sha256 of what is learned: the questions with the rewards of their answers. */
export function dataHash(
  items: readonly { readonly id: string; readonly rewards: readonly number[] }[],
): string {
  return sha256Of(items.map(({ id, rewards }) => `${id} ${rewards.join()}\n`));
}
