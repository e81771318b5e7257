import { modelInUse } from '../hub/model-in-use.ts';
import { ifWritable } from '../store/if-writable.ts';
import { Settings } from '../store/settings.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/**
 * Reports, once for each such model, that a better one than the model chosen fits this machine and is not here: a
 * workspace that does not ask for suggestions reports none and uses none up.
 */
export async function suggestModel(workspace: Workspace): Promise<void> {
  if (!workspace.suggests) return;
  const inUse = await modelInUse(undefined, hubOptions(workspace));
  const better = inUse.from === 'choice' ? inUse.choice.better : undefined;
  if (!better?.rate) return;
  const { id, bytes } = better.entry;
  const settings = await Settings.open(workspace.folders.config);
  if (settings.get('suggested') === id) return;
  const { tokensPerSecond } = better.rate;
  workspace.report({ kind: 'better-model', model: id, bytes, tokensPerSecond });
  await ifWritable(() =>
    settings.update((data) => {
      data.suggested = id;
    }),
  );
}
