import { usableCores } from '../engine/cores.ts';
import { DramatisError } from '../errors.ts';
import type { SweepTask } from './manifest.ts';

/**
 * Refuses tasks that were planned for more threads than this process may use, before the first of them: each would refuse
 * by itself, since sums of other threads are not those that were planned.
 *
 * @param tasks What is to be run; what is done needs no processor.
 * @throws {DramatisError} USAGE
 */
export function requireProcessors(
  tasks: readonly Pick<SweepTask, 'resources'>[],
  processors: number = usableCores().processors,
): void {
  const wanted = Math.max(0, ...tasks.map(({ resources }) => resources.cpus));
  if (wanted <= processors) return;
  const many = tasks.filter(({ resources }) => resources.cpus > processors).length;
  throw new DramatisError(
    'USAGE',
    `${many} of ${tasks.length} tasks were planned for ${wanted} threads; this process may use ${processors} ${plural(processors)}`,
    {
      remedy: `Plan into another folder with "dramatis study plan FOLDER --cpus ${processors}", or "cpus" of a study's "resources"; or run it where ${wanted} may be used.`,
    },
  );
}

/** What is said of a plan that this machine, or this part of it, could not run; undefined for one that it can. */
export function fewProcessors(
  { tasks }: { readonly tasks: readonly Pick<SweepTask, 'resources'>[] },
  processors: number = usableCores().processors,
): string | undefined {
  const wanted = Math.max(0, ...tasks.map(({ resources }) => resources.cpus));
  if (wanted <= processors) return undefined;
  return `planned for ${wanted} threads a task; this process may use ${processors} ${plural(processors)}: --cpus ${processors} plans for that`;
}

const plural = (count: number): string => (count === 1 ? 'processor' : 'processors');
