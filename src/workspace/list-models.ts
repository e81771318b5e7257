import type { ModelEntry } from '../hub/catalogue.ts';
import { type RatedModel, rateModels } from '../hub/choose-model.ts';
import { circumstances } from '../hub/model-in-use.ts';
import { findModel } from '../hub/model-shelf.ts';
import { Settings } from '../store/settings.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** An entry of the catalogue, where its file lies, and what is to be expected of it on this machine. */
export interface ListedModel extends Pick<RatedModel, 'fits' | 'rate'> {
  readonly entry: ModelEntry;
  /** undefined if it would have to be fetched. */
  readonly path: string | undefined;
}

/** The models of the catalogue, in its order, with those that are here. */
export async function listModels(workspace: Workspace): Promise<ListedModel[]> {
  const hub = hubOptions(workspace);
  const settings = await Settings.open(workspace.folders.config);
  const rated = rateModels(await circumstances(settings, hub));
  return Promise.all(
    rated.map(async ({ entry, fits, rate }) => ({
      entry,
      fits,
      rate,
      path: await findModel(entry, hub),
    })),
  );
}
