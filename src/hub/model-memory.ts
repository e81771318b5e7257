import { freemem, totalmem } from 'node:os';
import { groupLimits } from '../store/cgroup.ts';

/** Beside the weights: the addon, a window of some thousand tokens, and what computing needs, in bytes. */
const roomBytes = 300e6;

/** Memory a conversation with a model takes, about, in bytes: its file is mapped whole, and has room beside it. */
export function memoryNeededBy(fileBytes: number): number {
  return fileBytes + roomBytes;
}

/** Memory this process may have, in bytes: the machine's, or less if a container or a batch job is held to less. */
export function usableMemory(root = '/', env: NodeJS.ProcessEnv = process.env): number {
  return Math.min(groupLimits(root).memoryBytes, slurmMemory(env), totalmem());
}

/** How much of that is free now, in bytes. */
export function freeMemory(root = '/', env: NodeJS.ProcessEnv = process.env): number {
  return Math.min(groupLimits(root).freeBytes, slurmMemory(env), freemem());
}

/** Memory that Slurm allots to a job on this node, in bytes; Infinity outside one. Not every site holds jobs to it by a cgroup. */
function slurmMemory(env: NodeJS.ProcessEnv): number {
  const perNode = Number(env.SLURM_MEM_PER_NODE);
  const perProcessor = Number(env.SLURM_MEM_PER_CPU) * Number(env.SLURM_CPUS_ON_NODE);
  const mebibytes = perNode > 0 ? perNode : perProcessor;
  // 0 asks for all that the node has.
  return mebibytes > 0 ? mebibytes * 2 ** 20 : Number.POSITIVE_INFINITY;
}
