import type { Gpu, Threads } from '../../engine/compute.ts';
import { resolveModel } from '../../hub/models.ts';
import { FetchProgress } from '../terminal/progress.ts';

/** What every `dramatis bench` command is told. */
export interface BenchOptions {
  readonly model?: string | undefined;
  readonly threads: Threads;
  readonly gpu: Gpu;
  readonly offline: boolean;
  readonly acceptLicence: boolean;
  readonly json: boolean;
}

/** Path of the model to be measured, which is fetched first if it is not here. */
export async function benchModel(
  { model, offline, acceptLicence }: BenchOptions,
  signal?: AbortSignal,
): Promise<string> {
  using progress = new FetchProgress();
  const hub = { offline, acceptLicence, ...(signal && { signal }), report: progress.report };
  const { path } = await resolveModel(model, hub);
  return path;
}
