import type { Gpu, Threads } from '../../engine/compute.ts';
import type { WorkspaceOptions } from '../open-dramatis.ts';

/** The options that every `dramatis bench` command has. */
export interface BenchOptions extends WorkspaceOptions {
  /** Default: the model in use. */
  readonly model?: string | undefined;
  readonly threads: Threads;
  readonly gpu: Gpu;
  readonly json: boolean;
}
