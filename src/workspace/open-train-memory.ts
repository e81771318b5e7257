import type { Source } from '../corpus/source.ts';
import { trainPlay } from '../corpus/splits/without-scenes.ts';
import { sha256 } from '../store/sha256.ts';
import { type OpenedMemory, openMemory } from './open-memory.ts';
import type { Workspace } from './workspace.ts';

/** The memory of a source's train scenes alone, under a name of its own among the indices. */
export function openTrainMemory(
  workspace: Workspace,
  { play, split, sha256: edition }: Source,
  signal?: AbortSignal,
): Promise<OpenedMemory> {
  const shown = trainPlay(play, split);
  const scenes = shown.acts.map((act) => act.scenes.map(({ number }) => `${act.number}.${number}`));
  const hash = sha256(`${edition} ${scenes.flat().join(' ')}`);
  return openMemory(workspace, { play: shown, sha256: hash }, signal);
}
