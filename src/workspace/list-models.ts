import { type ModelEntry, models } from '../hub/catalogue.ts';
import { findModel } from '../hub/models.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** An entry of the catalogue, and where its file lies. */
export interface ListedModel {
  readonly entry: ModelEntry;
  /** undefined if it would have to be fetched. */
  readonly path: string | undefined;
}

/** The models of the catalogue, in its order, with those that are here. */
export function listModels(workspace: Workspace): Promise<ListedModel[]> {
  const hub = hubOptions(workspace);
  return Promise.all(models().map(async (entry) => ({ entry, path: await findModel(entry, hub) })));
}
