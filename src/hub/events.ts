import type { DamagedJson } from '../store/durable-json.ts';
import { type Folders, folders } from '../store/folders.ts';

/** What fetching reports, for a terminal, a page or a log to render. `what` is an entry's id or a URI. */
export type HubEvent =
  /** Bytes there so far, those of an earlier, cut transfer included; `total` is absent until known. */
  | {
      readonly kind: 'fetch';
      readonly what: string;
      readonly from: string;
      readonly bytes: number;
      readonly total?: number | undefined;
      readonly resumedFrom?: number | undefined;
    }
  | { readonly kind: 'retry'; readonly what: string; readonly reason: string }
  /** The file that is here is not what it should be, and another is fetched. */
  | {
      readonly kind: 'damaged';
      readonly what: string;
      readonly path: string;
      readonly fault: string;
    }
  /** A source failed and the next one is tried. */
  | { readonly kind: 'skip'; readonly what: string; readonly from: string; readonly reason: string }
  /** Another process is fetching the same. */
  | { readonly kind: 'wait'; readonly what: string }
  /** The settings, which may name a model, could not be read; `what` is their path. */
  | { readonly kind: 'settings'; readonly what: string; readonly damage: DamagedJson }
  | { readonly kind: 'verify'; readonly what: string }
  | { readonly kind: 'convert'; readonly what: string }
  | { readonly kind: 'done'; readonly what: string; readonly path: string; readonly bytes: number };

export type Environment = Readonly<Record<string, string | undefined>>;

export interface HubOptions {
  /** No socket is opened: what is not here throws OFFLINE. HF_HUB_OFFLINE in the environment does the same. */
  readonly offline?: boolean | undefined;
  /** Says yes to a licence that asks to be accepted. */
  readonly acceptLicence?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: ((event: HubEvent) => void) | undefined;
  readonly env?: Environment | undefined;
  /** How thoroughly files that are here are looked at: see `Look`. */
  readonly depth?: 'length' | 'known' | 'deep' | undefined;
  /** Where files are kept. Default: what the environment says. */
  readonly folders?: HubFolders | undefined;
}

/** Those of the user's folders that the hub uses. */
export type HubFolders = Pick<Folders, 'plays' | 'models' | 'cache' | 'config'>;

/** Where the hub keeps its files. */
export function hubFolders({ folders: given, env }: HubOptions): HubFolders {
  return given ?? folders(env);
}
