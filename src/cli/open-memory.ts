import type { ComputeOptions } from '../engine/compute.ts';
import type { Embedder } from '../engine/embedder.ts';
import { Model } from '../engine/model.ts';
import { embeddingModel } from '../hub/catalogue.ts';
import type { HubOptions } from '../hub/events.ts';
import { type ResolvedModel, resolveModel } from '../hub/models.ts';
import type { OpenedPlay } from '../hub/plays.ts';
import { Memory } from '../memory/memory.ts';
import { folders } from '../store/folders.ts';
import { showIndexing } from './show-indexing.ts';

export interface MemoryRequest extends ComputeOptions {
  readonly play: OpenedPlay;
  readonly hub: HubOptions;
  readonly signal: AbortSignal;
  /** What is opened to embed with is added here: who asks no more may dispose of it, tens of megabytes. */
  readonly opened?: Disposable[];
}

/**
 * The memory of a play, with the catalogue's embedding model, fetched if it is not here. The index is
 * made if there is none for this very text, with progress on stderr.
 */
export async function openMemory({
  play,
  hub,
  signal,
  opened = [],
  ...compute
}: MemoryRequest): Promise<Memory> {
  const embedding = await resolveModel(embeddingModel, hub);
  using indexing = showIndexing(play.play.title);
  return await Memory.open({
    play: play.play,
    playHash: play.sha256,
    embedder: async () => {
      const embedder = await openEmbedder(embedding, { ...compute, signal });
      opened.push(embedder, embedder.model);
      return embedder;
    },
    embedderHash: embedding.entry?.sha256 ?? embedding.path,
    folder: folders().indices,
    signal,
    onProgress: indexing.report,
  });
}

async function openEmbedder(
  { path }: ResolvedModel,
  options: ComputeOptions & { signal: AbortSignal },
): Promise<Embedder> {
  const model = await Model.open(path, options);
  return model.embedder();
}
