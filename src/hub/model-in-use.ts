import type { DamagedJson } from '../store/durable-json.ts';
import { Settings } from '../store/settings.ts';
import { defaultModel } from './catalogue.ts';
import { type HubOptions, hubFolders } from './events.ts';

/** Which model is meant where a command, a route or a program may name one, and where that was said. */
export interface ModelInUse {
  /** An id of the catalogue, a path, or a Hugging Face URI: what `resolveModel` takes. */
  readonly name: string;
  readonly from: 'argument' | 'environment' | 'settings' | 'default';
  /** What was wrong with the settings, if they were asked: then the default may be used without being wanted. */
  readonly damage?: DamagedJson;
}

/**
 * The model to use: the one named, else `DRAMATIS_MODEL`, else the one that `dramatis models use` put in the settings,
 * else the default. The settings are not even opened where they do not matter.
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
  const { damage } = settings;
  const name = settings.get('model');
  const inUse =
    name === undefined
      ? ({ name: defaultModel, from: 'default' } as const)
      : ({ name, from: 'settings' } as const);
  return { ...inUse, ...(damage && { damage }) };
}
