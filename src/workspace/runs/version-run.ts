import { readFile } from 'node:fs/promises';
import type { Registry } from '../../registry/registry.ts';
import type { AdapterVersion } from '../../registry/version.ts';
import { writeAtomic } from '../../store/write-atomic.ts';

/** How a run that ends with a version of an adapter is carried out, and what is kept of it. */
export interface VersionRunOptions {
  /** Goes on with the newest run of the same options that was ended, if there is one. */
  readonly resume?: boolean | undefined;
  /** A .gguf file that the version's weights are written to, too. */
  readonly out?: string | undefined;
  /** A .json file that losses or rewards are written to, step by step. */
  readonly curve?: string | undefined;
  /** Kept with the version. */
  readonly note?: string | undefined;
  readonly precision?: 'bf16' | 'f32' | undefined;
  /** Name of a device, such as "CUDA0"; the CPU unless given. */
  readonly device?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Writes the weights of a version to a file of the user's, where one is named. */
export async function writeOut(
  registry: Registry,
  { id }: Pick<AdapterVersion, 'id'>,
  { out }: Pick<VersionRunOptions, 'out'>,
): Promise<void> {
  if (out === undefined) return;
  const { path } = await registry.open(id);
  await writeAtomic(out, await readFile(path));
}
