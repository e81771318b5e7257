import { resolveModel } from '../hub/models.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** Path of a model's file, which is fetched if it is not here: for what opens it by itself. */
export async function modelFile(
  workspace: Workspace,
  name: string | undefined,
  signal?: AbortSignal,
): Promise<string> {
  return (await resolveModel(name, hubOptions(workspace, signal))).path;
}
