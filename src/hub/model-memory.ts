import { freemem, totalmem } from 'node:os';
import { groupLimits } from '../store/cgroup.ts';

/** Beside the weights: the addon, a window of some thousand tokens, and what computing needs, in bytes. */
const roomBytes = 300e6;

/** Memory a conversation with a model takes, about, in bytes: its file is mapped whole, and has room beside it. */
export function memoryNeededBy(fileBytes: number): number {
  return fileBytes + roomBytes;
}

/** Memory this process may have, in bytes: the machine's, or less if a container or a batch job is held to less. */
export function usableMemory(root = '/'): number {
  return Math.min(groupLimits(root).memoryBytes, totalmem());
}

/** How much of that is free now, in bytes. */
export function freeMemory(root = '/'): number {
  return Math.min(groupLimits(root).freeBytes, freemem());
}
