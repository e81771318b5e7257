import { Model } from '../engine/model.ts';
import { partPaths } from '../gguf/part-paths.ts';
import { embeddingModel, type ModelEntry } from '../hub/catalogue.ts';
import { type ModelInUse, modelInUse } from '../hub/model-in-use.ts';
import { modelSha256 } from '../hub/model-sha256.ts';
import { identifyModel, type ResolvedModel, resolveModel } from '../hub/models.ts';
import { bytesOfFiles, fileStamp } from '../store/file-stamp.ts';
import { Settings } from '../store/settings.ts';
import { requireMemory } from './require-memory.ts';
import { tryModel } from './try-model.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** A model that is shared with whoever else of the workspace has opened it: the last one to dispose of it frees it. */
export interface OpenedModel extends Disposable {
  readonly model: Model;
  /** Name the model was asked for by: see `ResolvedModel`. */
  readonly name: string;
  readonly path: string;
  /** Entry in the catalogue, if the model has one. */
  readonly entry: ModelEntry | undefined;
  /** sha256 of its file, in hex: known for what was fetched, read once for a file of the user's own. */
  sha256(): Promise<string>;
}

/**
 * A model by an id of the catalogue, the path of a file or a Hugging Face URI, fetched if it is not here; the model in use
 * if none is named.
 *
 * One that was chosen because it is the best of those here, and whose speed is not known on this machine, is measured once;
 * if it is too slow the next best is opened in its place.
 *
 * @throws {DramatisError} MEMORY_SHORT; what `resolveModel` and `Model.open` throw; `signal.reason`.
 */
export async function openModel(
  workspace: Workspace,
  named: string | undefined,
  signal?: AbortSignal,
): Promise<OpenedModel> {
  const hub = hubOptions(workspace, signal);
  const inUse = await modelInUse(named, hub);
  await requireRoomBeforeFetching(inUse, workspace);
  const resolved = await resolveModel(named, hub);
  requireMemory(resolved.name, await bytesOfFiles(partPaths(resolved.path)), workspace.compute);
  const opened = await load(workspace, resolved, signal);
  if (!resolved.choice) return opened;
  try {
    const better = await tryModel(workspace, opened, resolved.choice, signal);
    if (better === undefined) return opened;
  } catch (error) {
    opened[Symbol.dispose]();
    throw error;
  }
  opened[Symbol.dispose]();
  return openModel(workspace, undefined, signal);
}

async function requireRoomBeforeFetching(inUse: ModelInUse, workspace: Workspace): Promise<void> {
  const model = await identifyModel(inUse);
  if (model.kind !== 'entry') return;
  requireMemory(inUse.name, model.entry.bytes, workspace.compute);
}

async function load(
  workspace: Workspace,
  resolved: ResolvedModel,
  signal: AbortSignal | undefined,
): Promise<OpenedModel> {
  const { name, path, entry } = resolved;
  const { compute } = workspace;
  const stamp = await fileStamp(partPaths(path));
  const { rpc, ...here } = compute;
  // What makes vectors is small, and asked between the steps of a conversation: it stays here.
  const isShared = rpc !== undefined && name !== embeddingModel;
  const key = JSON.stringify([stamp, compute.gpu ?? 'auto', isShared]);
  const open = async (abandoned: AbortSignal): Promise<Model> => {
    const settings = await Settings.open(workspace.folders.config);
    return Model.open(path, { ...(isShared ? compute : here), settings, signal: abandoned });
  };
  const lease = await workspace.models.lease(key, open, signal);
  return {
    model: lease.value,
    name,
    path,
    entry,
    sha256: () => modelSha256(resolved, hubOptions(workspace, signal)),
    [Symbol.dispose]: () => lease[Symbol.dispose](),
  };
}
