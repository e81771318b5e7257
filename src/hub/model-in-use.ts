import type { DamagedJson } from '../store/durable-json.ts';
import { Settings } from '../store/settings.ts';
import { models } from './catalogue.ts';
import { type Circumstances, chooseModel, type ModelChoice } from './choose-model.ts';
import { type HubOptions, hubFolders } from './events.ts';
import { usableMemory } from './model-memory.ts';
import { findModel } from './model-shelf.ts';

/** Which model is meant where a command, a route or a program may name one, and where that was said. */
export type ModelInUse = {
  /** An id of the catalogue, a path, or a Hugging Face URI: what `resolveModel` takes. */
  readonly name: string;
  /** What was wrong with the settings, if they were asked: then a model may be chosen that is not the one wanted. */
  readonly damage?: DamagedJson;
} & (
  | { readonly from: 'argument' | 'environment' | 'settings' }
  | { readonly from: 'choice'; readonly choice: ModelChoice }
);

/**
 * The model to use: the one named, else `DRAMATIS_MODEL`, else the one that `dramatis use` put in the settings, else the
 * best of those here: see `chooseModel`. The settings are not even opened where they do not matter.
 *
 * @param named What was given with `--model`, or by a program.
 * @throws {DramatisError} STORE_DAMAGED if a newer Dramatis wrote the settings.
 */
export async function modelInUse(
  named?: string,
  options: Pick<HubOptions, 'env' | 'folders'> = {},
): Promise<ModelInUse> {
  if (named !== undefined) return { name: named, from: 'argument' };
  const { env = process.env } = options;
  if (env.DRAMATIS_MODEL) return { name: env.DRAMATIS_MODEL, from: 'environment' };
  const settings = await Settings.open(hubFolders(options).config);
  const damage = settings.damage && { damage: settings.damage };
  const name = settings.get('model');
  if (name !== undefined) return { name, from: 'settings', ...damage };
  const choice = chooseModel(await circumstances(settings, options));
  return { name: choice.entry.id, from: 'choice', choice, ...damage };
}

/** What a model is chosen by on this machine, as it is now. */
export async function circumstances(
  settings: Settings,
  options: Pick<HubOptions, 'env' | 'folders'> = {},
): Promise<Circumstances> {
  const speaking = models().filter(({ kind }) => kind !== 'embedding');
  const paths = await Promise.all(speaking.map((entry) => findModel(entry, options)));
  const here = new Set(speaking.filter((_, i) => paths[i] !== undefined).map(({ id }) => id));
  return { here, memoryBytes: usableMemory(), rates: settings.get('rates') ?? [], now: Date.now() };
}
