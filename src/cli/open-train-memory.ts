import { createHash } from 'node:crypto';
import type { Source } from '../corpus/source.ts';
import { trainPlay } from '../corpus/splits/without-scenes.ts';
import type { ComputeOptions } from '../engine/compute.ts';
import type { HubOptions } from '../hub/events.ts';
import type { OpenedPlay } from '../hub/plays.ts';
import type { Memory } from '../memory/memory.ts';
import { openMemory } from './open-memory.ts';

/** Of the train scenes alone, under a name of its own among the indices. */
export function openTrainMemory(
  source: Source & { readonly opened: OpenedPlay },
  hub: HubOptions,
  options: ComputeOptions & { signal: AbortSignal },
): Promise<Memory> {
  const shown = trainPlay(source.play, source.split);
  const scenes = shown.acts.map((act) => act.scenes.map(({ number }) => `${act.number}.${number}`));
  const sha256 = createHash('sha256')
    .update(`${source.sha256} ${scenes.flat().join(' ')}`)
    .digest('hex');
  return openMemory({ play: { ...source.opened, play: shown, sha256 }, hub, ...options });
}
