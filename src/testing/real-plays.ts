import type { Source } from '../corpus/source.ts';
import { splitOf } from '../corpus/splits/split.ts';
import { openPlay } from '../hub/plays.ts';
import { pull } from '../hub/pull.ts';
import { home } from './home.ts';

/** The two plays that the figures in the tests of the `plays` project were counted on. */
export const realPlayIds = ['hamlet', 'macbeth'] as const;

export type RealPlayId = (typeof realPlayIds)[number];

const env = { ...process.env, DRAMATIS_HOME: home };

/** Hamlet and Macbeth as the catalogue names them, parsed and divided into parts. They must have been fetched. */
export async function realPlays(): Promise<Map<string, Source>> {
  const sources = realPlayIds.map(async (id): Promise<[string, Source]> => {
    const { play, sha256 } = await openPlay(id, { env, offline: true });
    return [id, { id, play, sha256, split: splitOf(id, play) }];
  });
  return new Map(await Promise.all(sources));
}

/** Fetches the plays before the first test of the `plays` project; a global set-up of vitest. */
export async function setup(): Promise<void> {
  for (const id of realPlayIds) await pull(id, { env });
}
