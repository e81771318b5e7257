import { basename, resolve } from 'node:path';
import { readModelHeader } from '../gguf/read-model-header.ts';
import { modelSha256 } from '../hub/model-sha256.ts';
import { resolveModel } from '../hub/models.ts';
import type { Base } from '../registry/screen.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** What adapters are compared with of the model they are for: its header and hash, without opening it. */
export async function openBase(
  workspace: Workspace,
  model: string,
  signal?: AbortSignal,
): Promise<Base & { readonly name: string }> {
  const hub = hubOptions(workspace, signal);
  const resolved = await resolveModel(model, hub);
  const { path, entry } = resolved;
  // What a version calls its base: an id or URI that finds it again, or a file's name.
  const name = entry?.id ?? (path === resolve(model) ? basename(path) : model);
  return { name, sha256: await modelSha256(resolved, hub), header: await readModelHeader(path) };
}
