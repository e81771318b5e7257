import { join } from 'node:path';
import { DramatisError } from '../../errors.ts';
import type { CastMember } from '../../play/play.ts';
import { formFor, templateOf } from '../../prompt/form.ts';
import { templateVersion } from '../../prompt/prompt.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Base } from '../../registry/screen.ts';
import type { LearningEvent } from '../../reinforce/replies/learning-replies.ts';
import { type ReplyRecipe, replyDefaults } from '../../reinforce/replies/reply-recipe.ts';
import { requireDrawable } from '../../reinforce/replies/rollouts.ts';
import { rewardVersion } from '../../reinforce/reward/reply-reward.ts';
import { type RunConfig, RunFolder } from '../../store/run-folder.ts';
import { type OpenedModel, openModel } from '../open-model.ts';
import { openRegistry } from '../open-registry.ts';
import { type OpenedSource, openSource } from '../open-source.ts';
import { type Workspace, warnIn } from '../workspace.ts';
import { openStack } from './build-on.ts';
import { environment } from './environment.ts';
import { choiceRuns } from './prepare-choice.ts';
import type { VersionRunOptions } from './version-run.ts';

export interface ReplyOptions extends VersionRunOptions {
  readonly character: string;
  /** Default: the one known play that has the character. */
  readonly play?: string | undefined;
  readonly model?: string | undefined;
  /** Id of a version to learn on top of: it stays as it is, is active beneath, and part of the reference. */
  readonly on?: string | undefined;
  readonly recipe: { readonly [Name in keyof ReplyRecipe]?: ReplyRecipe[Name] | undefined } & Pick<
    ReplyRecipe,
    'method'
  >;
  /** Ends the run after so many minutes, with what it has. */
  readonly minutes?: number | undefined;
}

/** What a run depends on, as its folder keeps it. */
export interface ReplyConfig extends RunConfig {
  readonly character: string;
  readonly play: { readonly id: string; readonly sha256: string };
  readonly base: string;
  readonly on: string | null;
  readonly templateVersion: number;
  readonly rewardVersion: number;
  readonly recipe: ReplyRecipe;
}

/** What a run's folder keeps of its events. */
export type RecordedLearning = Extract<
  LearningEvent,
  { kind: 'step' | 'look' | 'replies' | 'end' }
>;

/** All that a run starts from. Disposing of it leaves the model. */
export interface PreparedReplies extends Disposable {
  readonly registry: Registry;
  readonly opened: OpenedModel;
  readonly base: Base & { readonly name: string };
  readonly source: OpenedSource;
  readonly character: CastMember;
  readonly recipe: ReplyRecipe;
  readonly under: Awaited<ReturnType<typeof openStack>>;
  readonly run: RunFolder<RecordedLearning>;
  readonly isResumed: boolean;
}

/**
 * Opens and checks what a run needs, and its folder.
 *
 * @throws {DramatisError} USAGE, ADAPTER_MISMATCH and what opening the parts throws.
 */
export async function prepareReplies(
  workspace: Workspace,
  options: ReplyOptions,
): Promise<PreparedReplies> {
  const { character: named, play, model, on, signal } = options;
  requireDrawable({ ...replyDefaults, ...given(options.recipe), method: options.recipe.method });
  const source = await openSource(workspace, { character: named, play }, signal);
  const character = source.character!;
  const opened = await openModel(workspace, model, signal);
  try {
    const recipe = recipeOf(options, opened);
    const registry = openRegistry(workspace);
    const base = {
      name: opened.name,
      header: opened.model.header,
      sha256: await opened.sha256(),
    };
    const under =
      on === undefined
        ? { versions: [], factors: [] }
        : await openStack(registry, on, { base: base.sha256, form: recipe.form });
    const config: ReplyConfig = {
      character: character.name,
      play: { id: source.id, sha256: source.sha256 },
      base: base.sha256,
      on: under.versions.at(-1)?.id ?? null,
      ...{ templateVersion, rewardVersion, recipe },
    };
    const found = await runOf(workspace, options, config);
    return {
      ...{ registry, opened, base, source, character, recipe, under },
      ...found,
      [Symbol.dispose]: () => opened[Symbol.dispose](),
    };
  } catch (error) {
    opened[Symbol.dispose]();
    throw error;
  }
}

function given(recipe: ReplyOptions['recipe']): Partial<ReplyRecipe> {
  const asked = Object.entries(recipe).filter(([, value]) => value !== undefined);
  return Object.fromEntries(asked);
}

/** @throws {DramatisError} USAGE for a chat with a model whose template is not known. */
function recipeOf({ recipe }: ReplyOptions, { model, name }: OpenedModel): ReplyRecipe {
  const form = recipe.form ?? formFor(model);
  if (form === 'chat' && !templateOf(model))
    throw new DramatisError('USAGE', `${name} has no chat template that is known`, {
      remedy: 'Leave --form out, or give --form script.',
    });
  const alpha = 2 * (recipe.rank ?? replyDefaults.rank);
  return { ...replyDefaults, alpha, ...given(recipe), method: recipe.method, form };
}

/** A new run, or one that was cut to go on with. */
async function runOf(
  workspace: Workspace,
  { resume = false }: ReplyOptions,
  config: ReplyConfig,
): Promise<Pick<PreparedReplies, 'run' | 'isResumed'>> {
  const parent = join(choiceRuns(workspace.folders));
  if (resume) {
    const run = await RunFolder.unfinished<RecordedLearning>(parent, config, warnIn(workspace));
    if (run) return { run, isResumed: true };
  }
  const { method } = config.recipe;
  const label = `${method}-${config.play.id}-${config.character}`;
  const run = await RunFolder.create<RecordedLearning>(parent, label, config, environment());
  return { run, isResumed: false };
}
