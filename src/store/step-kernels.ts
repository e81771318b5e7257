import type { Settings, StepKernels } from './settings.ts';

/**
 * What was measured of one kind of work in a step; undefined if it was not, or with other kernels.
 *
 * @param work Such as "Q4_K", a product with a matrix of that type, or "attention".
 */
export function measuredStep(
  settings: Settings,
  processor: string,
  work: string,
  compared: string,
): StepKernels | undefined {
  const known = settings.get('steps')?.[processor]?.[work];
  return known?.compared === compared ? known : undefined;
}

/** Keeps what was measured of several kinds of work on a kind of processor. */
export function recordSteps(
  settings: Settings,
  processor: string,
  found: Readonly<Record<string, StepKernels>>,
): Promise<void> {
  return settings.update((data) => {
    data.steps = { ...data.steps, [processor]: { ...data.steps?.[processor], ...found } };
  });
}
