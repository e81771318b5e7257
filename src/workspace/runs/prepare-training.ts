import { join } from 'node:path';
import { rowsHash } from '../../corpus/rows/training-row.ts';
import { crossFit } from '../../corpus/splits/split.ts';
import { DramatisError } from '../../errors.ts';
import { formFor } from '../../prompt/form.ts';
import { templateVersion } from '../../prompt/prompt.ts';
import { promptTemplate } from '../../prompt/prompt-template.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Base } from '../../registry/screen.ts';
import { type RunConfig, RunFolder } from '../../store/run-folder.ts';
import { sha256Of } from '../../store/sha256.ts';
import { formerRecipe, type Recipe } from '../../train/recipe.ts';
import { type RecipeRequest, recipeFrom } from '../../train/recipe-from.ts';
import type { RecordedEvent, TrainingRun } from '../../train/training-run.ts';
import { type OpenedModel, openModel } from '../open-model.ts';
import { openRegistry } from '../open-registry.ts';
import type { GivenRowsFile } from '../open-rows.ts';
import { type OpenedSource, openSource } from '../open-source.ts';
import { type Workspace, warnIn } from '../workspace.ts';
import { type KnownVersion, openParent, openPlayAdapter } from './build-on.ts';
import { environment } from './environment.ts';
import { learnedPlays, openLearnedPlays } from './held-out-plays.ts';
import { type RowsOfRun, rowsOfRun } from './training-rows.ts';
import type { VersionRunOptions } from './version-run.ts';

export interface TrainOptions extends VersionRunOptions {
  /** Name in the cast; none for an adapter of the whole play, with `recipe.rows.everyone`. */
  readonly character?: string | undefined;
  /** Id of the catalogue or path of a file; found by the character if it is known. */
  readonly play?: string | undefined;
  /**
   * Ids or files of plays whose speakers all learn together, or "all" of the catalogue, in place of a character or a play: unless
   * the recipe says otherwise as pages, in the form `script`, with rank 32.
   */
  readonly plays?: readonly string[] | 'all' | undefined;
  /** With `plays`: which fold of four of the catalogue's plays is held out whole. */
  readonly heldOutFold?: number | undefined;
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
  /** What is learned of each play, with the parts of the play that are in force in this run; at least one. */
  readonly lessons: readonly RowsOfRun<OpenedSource>[];
  readonly recipe: Recipe;
  readonly slot: LearnedSlot;
  /** sha256 of the rows. */
  readonly data: string;
  /** The play adapter below, and the version to begin with. */
  readonly under: KnownVersion | undefined;
  readonly parent: KnownVersion | undefined;
  /** Where the run is kept. */
  readonly run: TrainingRun;
  readonly isResumed: boolean;
}

/** Whom a run is about, as its version keeps it. */
interface LearnedSlot {
  /** Ids with commas between. */
  readonly play: string;
  /** Cast name; null for everybody. */
  readonly character: string | null;
  /** sha256 of the play's text, or of those of all plays, in hex. */
  readonly edition: string;
  /** Ids of the plays, of a run on several. */
  readonly plays?: readonly string[] | undefined;
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
  requireWhole(options);
  const wholes = await sourcesOf(workspace, options);
  const opened = await openModel(workspace, options.model, options.signal);
  try {
    const parts = await partsOf(workspace, options, { wholes, opened });
    return { ...parts, [Symbol.dispose]: () => opened[Symbol.dispose]() };
  } catch (error) {
    opened[Symbol.dispose]();
    throw error;
  }
}

async function partsOf(
  workspace: Workspace,
  options: TrainOptions,
  { wholes, opened }: { readonly wholes: readonly OpenedSource[]; readonly opened: OpenedModel },
): Promise<Omit<PreparedTraining, typeof Symbol.dispose>> {
  const { on, from, fold, memory = true } = options;
  const registry = openRegistry(workspace);
  const base = {
    name: opened.name,
    header: opened.model.header,
    sha256: await opened.sha256(),
  };
  const recipe = recipeFrom(requestOf(options), formFor(opened.model));
  requirePages(recipe);
  const lessons = wholes.map((whole) => rowsOfRun({ ...recipe, data: options.data }, whole));
  const slot = slotOf(options, recipe, wholes);
  const wanted = { base: base.sha256, ...slot };
  const under = on === undefined ? undefined : await openPlayAdapter(registry, on, wanted);
  const below = under?.version.id;
  const parent =
    from === undefined ? undefined : await openParent(registry, from, { ...wanted, on: below });
  const data = rowsHash(lessons.flatMap(({ rows }) => rows));
  const config = {
    ...slot,
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
  return { registry, opened, base, lessons, recipe, slot, data, under, parent, ...found };
}

/** What is asked for, with what a run on several plays has unless it is asked otherwise. */
function requestOf({ recipe = {}, plays }: TrainOptions): RecipeRequest {
  if (plays === undefined) return recipe;
  const { rank = 32, form = 'script', rows = {} } = recipe;
  return {
    ...recipe,
    rank,
    form,
    rows: { ...rows, everyone: true, kinds: rows.kinds ?? ['page'] },
  };
}

function slotOf(
  { plays }: TrainOptions,
  { rows }: Recipe,
  sources: readonly OpenedSource[],
): LearnedSlot {
  const [{ id, sha256, character }] = sources as [OpenedSource];
  if (plays === undefined)
    return { play: id, edition: sha256, character: rows.everyone ? null : character!.name };
  const ids = sources.map((source) => source.id);
  const edition = sha256Of(sources.map((source) => source.sha256));
  return { play: ids.join(','), edition, character: null, plays: ids };
}

/** @throws {DramatisError} USAGE for pages in a chat. */
function requirePages({ rows, form }: Recipe): void {
  if (form === 'script' || !rows.kinds.includes('page')) return;
  throw new DramatisError('USAGE', 'a chat teaches one speaker, and a page all who speak on it', {
    remedy: 'Give --form script, or leave "page" out of --kinds.',
  });
}

/** @throws {DramatisError} USAGE for what goes with one play or one character, where several plays are asked for. */
function requireWhole(options: TrainOptions): void {
  const { plays, heldOutFold } = options;
  if (plays === undefined) {
    if (heldOutFold === undefined) return;
    throw new DramatisError('USAGE', '--play-fold holds plays out: give --plays, too');
  }
  const alone = (['character', 'play', 'on', 'data', 'promote'] as const).find(
    (name) => options[name] !== undefined && options[name] !== false,
  );
  if (alone === undefined) return;
  const called = alone === 'character' ? 'a character' : `--${alone}`;
  throw new DramatisError('USAGE', `${called} is for one play, and --plays for several`, {
    remedy: `Leave ${called} out, or --plays.`,
  });
}

/** The one play of a run, or its several ones. */
async function sourcesOf(
  workspace: Workspace,
  options: TrainOptions,
): Promise<readonly OpenedSource[]> {
  const { plays, heldOutFold, fold, recipe, signal } = options;
  if (plays === undefined) return [await sourceOf(workspace, options)];
  const ids = learnedPlays({ plays: plays === 'all' ? undefined : plays, heldOutFold });
  const digests = recipe?.rows?.kinds?.includes('know');
  const sources = await openLearnedPlays(workspace, ids, { heldOutFold, digests, signal });
  return sources.map((source) => partedBy(fold, source));
}

/** @returns With a fold's scenes held out in place of the usual ones, if one is given. */
const partedBy = (fold: number | undefined, source: OpenedSource): OpenedSource =>
  fold === undefined ? source : { ...source, split: crossFit(source.split, fold) };

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
  return partedBy(fold, source);
}

/** A new run, or one that was cut to go on with. */
async function runOf(
  workspace: Workspace,
  { resume = false }: TrainOptions,
  config: RunConfig & Pick<PreparedTraining, 'recipe'> & LearnedSlot,
): Promise<{ readonly run: TrainingRun; readonly isResumed: boolean }> {
  const parent = join(workspace.folders.runs, 'train');
  // A run of an earlier version of the prompt whose rows have the same tokens goes on, too.
  const earlier = promptTemplate().sameRows.map((version) => ({
    ...config,
    templateVersion: version,
  }));
  const configs = resume
    ? [config, ...earlier].flatMap((one) => [one, { ...one, recipe: formerRecipe(one.recipe) }])
    : [];
  for (const one of configs) {
    const run = await RunFolder.unfinished<RecordedEvent>(parent, one, warnIn(workspace));
    if (run) return { run, isResumed: true };
  }
  const { play, character, plays } = config;
  const label = `${plays ? `${plays.length}-plays` : play}-${character ?? 'everyone'}`;
  const run = await RunFolder.create<RecordedEvent>(parent, label, config, environment());
  return { run, isResumed: false };
}
