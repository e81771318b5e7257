import { type ComputeOptions, compute } from '../engine/compute.ts';
import { DramatisError } from '../errors.ts';
import type { ModelEntry } from '../hub/catalogue.ts';
import { modelsWithin } from '../hub/choose-model.ts';
import { megabytes } from '../hub/disk-space.ts';
import { memoryNeededBy, usableMemory } from '../hub/model-memory.ts';

/** How many models that fit an error names. */
const mostNamed = 3;

/**
 * Refuses a model that does not fit into the memory of this machine and of its GPUs, before a byte of it is fetched or
 * loaded: mapped weights that do not fit are read from disk again for every token.
 *
 * @param fileBytes Size of its weights, in bytes.
 * @throws {DramatisError} MEMORY_SHORT, with what would fit.
 */
export function requireMemory(name: string, fileBytes: number, options: ComputeOptions): void {
  const needed = memoryNeededBy(fileBytes);
  if (needed <= usableMemory()) return;
  // How much servers have they say themselves, when they are asked for it.
  if (options.rpc !== undefined) return;
  const memory = usableMemory() + deviceMemory(options);
  if (needed > memory) throw tooLarge(name, needed, memory);
}

/** The error for a model that needs so many bytes of memory, where there are so many. */
export function tooLarge(name: string, needed: number, memory: number): DramatisError {
  const fitting = modelsWithin(memory).slice(0, mostNamed).map(withNeed);
  const remedy =
    fitting.length > 0
      ? `Use one that fits: ${fitting.join(', ')}.`
      : 'None of the catalogue fits: use a machine with more memory.';
  return new DramatisError(
    'MEMORY_SHORT',
    `${name} needs about ${megabytes(needed)} of memory, and this machine has ${megabytes(memory)}`,
    { remedy },
  );
}

const withNeed = ({ id, bytes }: ModelEntry): string =>
  `${id} (${megabytes(memoryNeededBy(bytes))})`;

/** Memory of the devices that layers may be put on, in bytes. */
function deviceMemory(options: ComputeOptions): number {
  if (options.gpu === 'off') return 0;
  return compute(options)
    .devices()
    .filter(({ kind }) => kind === 'gpu' || kind === 'igpu')
    .reduce((sum, { memoryTotal }) => sum + memoryTotal, 0);
}
