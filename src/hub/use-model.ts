import { DramatisError } from '../errors.ts';
import { folders } from '../store/folders.ts';
import { Settings } from '../store/settings.ts';
import { chosenByMachine } from './choose-model.ts';
import type { HubOptions } from './events.ts';
import { type ModelInUse, modelInUse } from './model-in-use.ts';
import { identifyModel } from './models.ts';

/**
 * Puts a model in the settings, to be used from now on where none is named. Nothing is fetched or opened.
 *
 * @param name An id of the catalogue, the path of a file, which is kept as an absolute one, or a Hugging Face URI; "auto"
 *   leaves the choice to `chooseModel` again.
 * @returns The model in use now: another one while `DRAMATIS_MODEL` is set.
 * @throws {DramatisError} MODEL_UNKNOWN, FILE_MISSING, USAGE for a model that cannot speak, STORE_UNWRITABLE.
 */
export async function useModel(
  name: string,
  { env }: Pick<HubOptions, 'env'> = {},
): Promise<ModelInUse> {
  const kept = name === chosenByMachine ? undefined : await nameToKeep(name);
  const settings = await Settings.open(folders(env).config);
  await settings.update((data) => {
    if (kept === undefined) delete data.model;
    else data.model = kept;
  });
  return modelInUse(undefined, { env });
}

async function nameToKeep(name: string): Promise<string> {
  const model = await identifyModel({ name, from: 'argument' });
  if (model.kind === 'entry' && model.entry.kind === 'embedding') {
    throw new DramatisError('USAGE', `${model.entry.id} embeds texts and cannot speak`, {
      remedy: 'Choose a model that "dramatis models" calls chat or base.',
    });
  }
  if (model.kind === 'entry') return model.entry.id;
  return model.kind === 'file' ? model.path : name;
}
