import type { Source } from '../corpus/source.ts';
import { trainPlay } from '../corpus/splits/without-scenes.ts';
import { sha256 } from '../store/sha256.ts';
import { openDigests } from './open-digests.ts';
import { type OpenedMemory, openMemoryOf } from './open-memory.ts';
import type { Workspace } from './workspace.ts';

/** The memory of a source's train scenes alone, under a name of its own among the indices. */
export async function openTrainMemory(
  workspace: Workspace,
  source: Source,
  signal?: AbortSignal,
): Promise<OpenedMemory> {
  const { play, split, sha256: edition } = source;
  const shown = trainPlay(play, split);
  const scenes = shown.acts.map((act) => act.scenes.map(({ number }) => `${act.number}.${number}`));
  const hash = sha256(`${edition} ${scenes.flat().join(' ')}`);
  const known = new Set(scenes.flat());
  const digests = await openDigests(workspace, source);
  const told = digests && {
    ...digests,
    // Facts that other scenes show are held out, whenever this scene's people were told of them.
    digests: digests.digests.filter(({ from }) => known.has(`${from.act}.${from.scene}`)),
  };
  return openMemoryOf(workspace, { play: shown, sha256: hash, digests: told }, signal);
}
