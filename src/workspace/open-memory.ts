import { embeddingModel } from '../hub/catalogue.ts';
import { resolveModel } from '../hub/models.ts';
import type { OpenedPlay } from '../hub/plays.ts';
import { Memory } from '../memory/memory.ts';
import { type OpenedModel, openModel } from './open-model.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** The memory of a play; disposing of it frees the embedding model, after which nothing more is recalled. */
export interface OpenedMemory extends Disposable {
  readonly memory: Memory;
}

/**
 * The memory of a play, with the catalogue's embedding model, fetched if it is not here. The index is made if there is
 * none for this very text, which takes seconds and is reported.
 *
 * @param before Awaited before anything is embedded: what it throws is thrown in place of making an index.
 * @throws {DramatisError} What `resolveModel`, `Model.open` and `Memory.open` throw; `signal.reason`.
 */
export async function openMemory(
  workspace: Workspace,
  { play, sha256 }: Pick<OpenedPlay, 'play' | 'sha256'>,
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
