import type { ComputeOptions } from '../engine/compute.ts';
import type { Model } from '../engine/model.ts';
import type { HubEvent, HubOptions } from '../hub/events.ts';
import type { MemoryEvent } from '../memory/row-vectors.ts';
import type { Folders } from '../store/folders.ts';
import type { Pool } from './pool.ts';

/** What opening something reports: fetching, reading a play into memory, making a control vector. */
export type WorkspaceEvent =
  | HubEvent
  /** Reading the play of this title into memory. */
  | (MemoryEvent & { readonly title: string })
  /** Reading lines for the control vector of this character; `fraction` goes from 0 to 1. */
  | { readonly kind: 'control'; readonly character: string; readonly fraction: number }
  /** Something a reader should know that stops nothing, such as an adapter of an earlier prompt. */
  | { readonly kind: 'warning'; readonly text: string };

/** Where things lie, what they run on, and who hears how far opening them has come: what every opener is given. */
export interface Workspace {
  readonly folders: Folders;
  /** Whether something may be fetched, and whose licence is accepted. */
  readonly hub: Pick<HubOptions, 'offline' | 'acceptLicence' | 'env'>;
  readonly compute: ComputeOptions;
  readonly report: (event: WorkspaceEvent) => void;
  /** Models that are open, by file and device: clients of one model share it. */
  readonly models: Pool<Model>;
}

/** Reports a sentence about something that is not as it should be, and goes on. */
export const warnIn =
  ({ report }: Pick<Workspace, 'report'>) =>
  (text: string): void =>
    report({ kind: 'warning', text });

/** Options of a call into the hub, with progress reported as the workspace's. */
export function hubOptions(workspace: Workspace, signal?: AbortSignal): HubOptions {
  const { hub, folders, report } = workspace;
  return { ...hub, folders, report, signal };
}
