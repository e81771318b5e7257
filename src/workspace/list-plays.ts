import { type PlayEntry, plays } from '../hub/catalogue.ts';
import { findPlay } from '../hub/plays.ts';
import { hubOptions, type Workspace } from './workspace.ts';

/** An entry of the catalogue, and where its text lies. */
export interface ListedPlay {
  readonly entry: PlayEntry;
  /** undefined if it would have to be fetched. */
  readonly path: string | undefined;
}

/** The plays of the catalogue, in its order, with those that are here. */
export function listPlays(workspace: Workspace): Promise<ListedPlay[]> {
  const hub = hubOptions(workspace);
  return Promise.all(plays().map(async (entry) => ({ entry, path: await findPlay(entry, hub) })));
}
