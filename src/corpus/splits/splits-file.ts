import { readFileSync } from 'node:fs';

/** The parts of one play of the catalogue. */
export interface NotedSplit {
  /** Catalogue id, and words of the title of any edition with a hyphen between. */
  readonly id: string;
  /** Which of the four folds of plays it is in: see `playsOfFold`. */
  readonly fold: number;
  /** All its scenes in order, such as "1.1 1.2 2.1": an edition divided otherwise has other parts. */
  readonly scenes: string;
  readonly dev: readonly string[];
  readonly holdout: readonly string[];
}

/** A run of words that may stand in two parts of a play. */
interface AllowedRun {
  /** Words as `words` gives them, a space between. */
  readonly words: string;
  readonly why: string;
}

interface SplitsFile {
  readonly version: number;
  readonly plays: readonly NotedSplit[];
  readonly allowed: readonly AllowedRun[];
}

let file: SplitsFile | undefined;

/** What data/splits.json says; it lies at the package's root, seen from `src/corpus` as from `dist/corpus`. */
export function splitsFile(): SplitsFile {
  const path = new URL('../../../data/splits.json', import.meta.url);
  file ??= JSON.parse(readFileSync(path, 'utf8')) as SplitsFile;
  return file;
}
