import type { RatedModel } from '../hub/choose-model.ts';
import { modelInUse } from '../hub/model-in-use.ts';
import { ifWritable } from '../store/if-writable.ts';
import { Settings } from '../store/settings.ts';
import type { Workspace } from './workspace.ts';

/**
 * A model that is not here, fits this machine and is better than the one that was chosen; undefined if there is none, or it
 * was suggested before: nobody needs to be told twice.
 */
export async function suggestModel({
  folders,
  hub,
}: Pick<Workspace, 'folders' | 'hub'>): Promise<RatedModel | undefined> {
  const inUse = await modelInUse(undefined, { ...hub, folders });
  const better = inUse.from === 'choice' ? inUse.choice.better : undefined;
  if (!better) return undefined;
  const { id } = better.entry;
  const settings = await Settings.open(folders.config);
  if (settings.get('suggested') === id) return undefined;
  await ifWritable(() =>
    settings.update((data) => {
      data.suggested = id;
    }),
  );
  return better;
}
