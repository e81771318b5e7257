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

/** Where measurements are kept, and what they are set against. */
export interface KeptOptions {
  readonly out?: string | undefined;
  /** A file that an earlier `--out` wrote. */
  readonly against?: string | undefined;
  /** Whether `--json` prints objects of the command's own instead of the file. */
  readonly isOwnJson?: boolean;
}
