import { join } from 'node:path';
import { rowsHash, type TrainingRow } from '../../corpus/rows/training-row.ts';
import { crossFit } from '../../corpus/splits/split.ts';
import { DramatisError } from '../../errors.ts';
import { formFor } from '../../prompt/form.ts';
import { templateVersion } from '../../prompt/prompt.ts';
import { promptTemplate } from '../../prompt/prompt-template.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Base } from '../../registry/screen.ts';
import { type RunConfig, RunFolder } from '../../store/run-folder.ts';
import { formerRecipe, type Recipe } from '../../train/recipe.ts';
import { type RecipeRequest, recipeFrom } from '../../train/recipe-from.ts';
import type { RecordedEvent, TrainingRun } from '../../train/training-run.ts';
import { type OpenedModel, openModel } from '../open-model.ts';
import { openRegistry } from '../open-registry.ts';
import type { GivenRowsFile } from '../open-rows.ts';
import { type OpenedSource, openSource } from '../open-source.ts';
import type { Workspace } from '../workspace.ts';
import { type KnownVersion, openParent, openPlayAdapter } from './build-on.ts';
import { environment } from './environment.ts';
import { rowsOfRun } from './training-rows.ts';
import type { VersionRunOptions } from './version-run.ts';

export interface TrainOptions extends VersionRunOptions {
  /** Name in the cast; none for an adapter of the whole play, with `recipe.rows.everyone`. */
  readonly character?: string | undefined;
  /** Id of the catalogue or path of a file; found by the character if it is known. */
  readonly play?: string | undefined;
  /** Id of the catalogue, path of a GGUF file, or URI; the model in use unless given. */
  readonly model?: string | undefined;
  /** Id of the play's own adapter to train on top of. */
  readonly on?: string | undefined;
  /** Id of the version to begin with. */
  readonly from?: string | undefined;
  /** What is to differ from the default recipe. */
  readonly recipe?: RecipeRequest | undefined;
  /** More rows. */
  readonly data?: GivenRowsFile | undefined;
  /** Whether some rows show what the character remembers; true unless given. */
  readonly memory?: boolean | undefined;
  /** Which of five folds is held out instead of the holdout scenes. */
  readonly fold?: number | undefined;
  /** Measures the version when it is there, and puts it in use if the gate lets it. */
  readonly promote?: boolean | undefined;
}

/** All that a training run starts from. Disposing of it leaves the model. */
export interface PreparedTraining extends Disposable {
  readonly registry: Registry;
  readonly opened: OpenedModel;
  readonly base: Base & { readonly name: string };
  /** With the parts of the play that are in force in this run. */
  readonly source: OpenedSource;
  readonly recipe: Recipe;
  /** Cast name; null for everybody. */
  readonly character: string | null;
  readonly rows: readonly TrainingRow[];
  readonly dev: readonly TrainingRow[];
  readonly devScenes: readonly string[] | undefined;
  /** sha256 of the rows. */
  readonly data: string;
  /** The play adapter below, and the version to begin with. */
  readonly under: KnownVersion | undefined;
  readonly parent: KnownVersion | undefined;
  /** Where the run is kept. */
  readonly run: TrainingRun;
  readonly isResumed: boolean;
}

/**
 * Opens and checks what a run needs, and its folder.
 *
 * @throws {DramatisError} USAGE, NO_ITEMS, DATA_REFUSED, ADAPTER_MISMATCH and what opening the parts throws.
 */
export async function prepareTraining(
  workspace: Workspace,
  options: TrainOptions,
): Promise<PreparedTraining> {
  const whole = await sourceOf(workspace, options);
  const opened = await openModel(workspace, options.model, options.signal);
  try {
    const parts = await partsOf(workspace, options, { whole, opened });
    return { ...parts, [Symbol.dispose]: () => opened[Symbol.dispose]() };
  } catch (error) {
    opened[Symbol.dispose]();
    throw error;
  }
}

async function partsOf(
  workspace: Workspace,
  options: TrainOptions,
  { whole, opened }: { readonly whole: OpenedSource; readonly opened: OpenedModel },
): Promise<Omit<PreparedTraining, typeof Symbol.dispose>> {
  const { on, from, fold, memory = true } = options;
  const registry = openRegistry(workspace);
  const base = {
    name: opened.name,
    header: opened.model.header,
    sha256: await opened.sha256(),
  };
  const recipe = recipeFrom(options.recipe ?? {}, formFor(opened.model));
  const { source, rows, dev, devScenes } = rowsOfRun({ ...recipe, data: options.data }, whole);
  const wanted = { base: base.sha256, source };
  const under = on === undefined ? undefined : await openPlayAdapter(registry, on, wanted);
  const below = under?.version.id;
  const parent =
    from === undefined ? undefined : await openParent(registry, from, { ...wanted, on: below });
  const character = recipe.rows.everyone ? null : source.character!.name;
  const data = rowsHash(rows);
  const config = {
    play: source.id,
    edition: source.sha256,
    character,
    fold: fold ?? null,
    base: base.sha256,
    on: below ?? null,
    from: parent?.version.id ?? null,
    data,
    templateVersion,
    memory,
    recipe,
  };
  const found = await runOf(workspace, options, config);
  const parts = { registry, opened, base, source, recipe, character, rows, dev, devScenes };
  return { ...parts, data, under, parent, ...found };
}

async function sourceOf(workspace: Workspace, options: TrainOptions): Promise<OpenedSource> {
  const { character, play, recipe, fold, signal } = options;
  const everyone = recipe?.rows?.everyone ?? false;
  if (everyone && character !== undefined)
    throw new DramatisError(
      'USAGE',
      '--everyone is for a whole play: leave the character out, give --play',
    );
  if (!everyone && character === undefined)
    throw new DramatisError(
      'USAGE',
      'no character was given; --everyone trains an adapter of a whole play',
    );
  const digests = recipe?.rows?.kinds?.includes('know');
  const source = await openSource(workspace, { character, play, digests }, signal);
  return fold === undefined ? source : { ...source, split: crossFit(source.split, fold) };
}

/** A new run, or one that was cut to go on with. */
async function runOf(
  { folders }: Workspace,
  { resume = false }: TrainOptions,
  config: RunConfig & Pick<PreparedTraining, 'character' | 'recipe'> & { readonly play: string },
): Promise<{ readonly run: TrainingRun; readonly isResumed: boolean }> {
  const parent = join(folders.runs, 'train');
  // A run of an earlier version of the prompt whose rows have the same tokens goes on, too.
  const earlier = promptTemplate().sameRows.map((version) => ({
    ...config,
    templateVersion: version,
  }));
  const configs = resume
    ? [config, ...earlier].flatMap((one) => [one, { ...one, recipe: formerRecipe(one.recipe) }])
    : [];
  for (const one of configs) {
    const run = await RunFolder.unfinished<RecordedEvent>(parent, one);
    if (run) return { run, isResumed: true };
  }
  const label = `${config.play}-${config.character ?? 'everyone'}`;
  const run = await RunFolder.create<RecordedEvent>(parent, label, config, environment());
  return { run, isResumed: false };
}
