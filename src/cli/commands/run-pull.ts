import { megabytes } from '../../hub/disk-space.ts';
import type { HubOptions } from '../../hub/events.ts';
import { type Pulled, pull } from '../../hub/pull.ts';
import { exitWith } from '../failure.ts';
import { output } from '../terminal/output.ts';
import { FetchProgress } from '../terminal/progress.ts';

/**
 * Fetches one after another. One that fails does not keep the others from coming; the command then
 * fails when all have been tried.
 */
export async function runPull(
  what: readonly string[],
  options: HubOptions,
  { json }: { readonly json: boolean },
): Promise<void> {
  using progress = new FetchProgress();
  const pulled: Pulled[] = [];
  for (const one of what) {
    try {
      const found = await pull(one, { ...options, report: progress.report });
      if (!json) output.line(describe(found));
      pulled.push(found);
    } catch (error) {
      options.signal?.throwIfAborted();
      exitWith(error);
    }
  }
  if (json) output.json(pulled);
}

function describe({ id, path, bytes, licence }: Pulled): string {
  return [id, megabytes(bytes), licence?.name ?? 'licence not known', path].join('  ');
}
