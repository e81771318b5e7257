import { Registry } from '../registry/registry.ts';
import type { Workspace } from './workspace.ts';

/** The adapter versions of this workspace, with their history. */
export function openRegistry({ folders }: Pick<Workspace, 'folders'>): Registry {
  return new Registry(folders.adapters);
}
