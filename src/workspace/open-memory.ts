import { embeddingModel } from '../hub/catalogue.ts';
import { resolveModel } from '../hub/models.ts';
import type { OpenedPlay } from '../hub/plays.ts';
import { Memory } from '../memory/memory.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { callsOf } from '../prompt/persona/relations.ts';
import { cardFacts } from './card-facts.ts';
import { type OpenedDigests, openDigests, type PlayWithDigests } from './open-digests.ts';
import { type OpenedModel, openModel } from './open-model.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** The memory of a play; disposing of it frees the embedding model, after which nothing more is recalled. */
export interface OpenedMemory extends Disposable {
  readonly memory: Memory;
}

/** What a memory is of. */
export interface Remembered extends Pick<OpenedPlay, 'play' | 'sha256'> {
  readonly digests?: Pick<OpenedDigests, 'digests' | 'path'> | undefined;
}

/**
 * The memory of a play and its digests, with the catalogue's embedding model, fetched if it is not here. What there are no
 * vectors of is embedded, which takes seconds and is reported: nothing, where the digests are ours.
 *
 * @param before Awaited before anything is embedded: what it throws is thrown in place of making an index.
 * @throws {DramatisError} What `openDigests`, `resolveModel`, `Model.open` and `Memory.open` throw; `signal.reason`.
 */
export async function openMemory(
  workspace: Workspace,
  opened: PlayWithDigests,
  signal?: AbortSignal,
  before?: () => Promise<void>,
): Promise<OpenedMemory> {
  const digests = await openDigests(workspace, opened);
  const { acts, cast } = opened.play;
  if (!digests && acts.length > 0 && cast.some(({ card }) => (card?.knowledge ?? []).length > 0))
    workspace.report({
      kind: 'warning',
      text: `What the card says under "knowledge" is not recalled: ${opened.play.title} has no digests, so its speeches are searched alone.`,
    });
  return openMemoryOf(workspace, { ...opened, digests }, signal, before);
}

/** The memory of part of a play, or of other digests than `openDigests` finds. */
export async function openMemoryOf(
  workspace: Workspace,
  { play, sha256, digests }: Remembered,
  signal?: AbortSignal,
  before: () => Promise<void> = async () => {},
): Promise<OpenedMemory> {
  const { report, folders } = workspace;
  const embedding = await resolveModel(embeddingModel, hubOptions(workspace, signal));
  const opened: Disposable[] = [];
  const dispose = (): void => {
    for (const one of opened) one[Symbol.dispose]();
  };
  try {
    const memory = await Memory.open({
      play,
      playHash: sha256,
      // A play without digests is searched by what is said: cards alone would stand in for all of it.
      digests: digests
        ? [...digests.digests, ...cardFacts(play)]
        : play.acts.length === 0
          ? cardFacts(play)
          : undefined,
      calls: (character) => callsOf(play, findCharacter(play, character)),
      shipped: digests?.path.replace(/(?:\.jsonl)?$/, '.vectors'),
      embedder: async () => {
        await before();
        const shared: OpenedModel = await openModel(workspace, embeddingModel, signal);
        opened.push(shared);
        const embedder = await shared.model.embedder();
        opened.push(embedder);
        return embedder;
      },
      embedderHash: embedding.entry?.sha256 ?? embedding.path,
      folder: folders.indices,
      signal,
      onProgress: (event) => report({ ...event, title: play.title }),
    });
    return { memory, [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
