import { measureBriefly } from '../engine/bench/brief-speed.ts';
import { recordGeneration } from '../engine/machine-settings.ts';
import type { Model } from '../engine/model.ts';
import type { ModelChoice } from '../hub/choose-model.ts';
import { modelInUse } from '../hub/model-in-use.ts';
import { Settings } from '../store/settings.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/**
 * Measures a model that was chosen without its speed being known here, for a second or two, and keeps what it found.
 *
 * @returns The id of the model that is chosen now, if it is another one.
 * @throws `signal.reason`
 */
export async function tryModel(
  workspace: Workspace,
  { model, name }: { readonly model: Model; readonly name: string },
  { isOnTrial }: ModelChoice,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (!isOnTrial) return undefined;
  const settings = await Settings.open(workspace.folders.config);
  const tokensPerSecond = await measureBriefly(model, signal);
  await recordGeneration(settings, model, tokensPerSecond, workspace.compute);
  const now = await modelInUse(undefined, hubOptions(workspace));
  return now.name === name ? undefined : now.name;
}
