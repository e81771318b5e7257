import type { Reply } from '../actor/reply.ts';
import { recordGeneration } from '../engine/machine-settings.ts';
import type { Model } from '../engine/model.ts';
import { Settings } from '../store/settings.ts';
import type { Workspace } from './workspace.ts';

/** A shorter reply says little about speed. */
const fewestTokens = 16;

/** Keeps how fast a reply came: a conversation knows better than the trial that a model was chosen by. */
export async function recordReplySpeed(
  { folders, compute }: Pick<Workspace, 'folders' | 'compute'>,
  model: Model,
  reply: Pick<Reply, 'tokens' | 'tokensPerSecond' | 'reflection'> | undefined,
): Promise<void> {
  // Drafts that are not said make a reply slow, not the model.
  if (!reply || reply.tokens < fewestTokens || reply.reflection !== undefined) return;
  const settings = await Settings.open(folders.config);
  await recordGeneration(settings, model, reply.tokensPerSecond, compute);
}
