import type { Settings } from './settings.ts';

/** Names of the CPU kernels that training may compute with, those for newer processors first. */
export const trainerKernelNames = ['amx', 'avx512bf16', 'avx512', 'avx2', 'plain'] as const;
export type TrainerKernelName = (typeof trainerKernelNames)[number];

/** The kernels that this user wants for training on a kind of processor; undefined leaves the choice to the engine. */
export function wantedKernels(
  settings: Settings,
  processor: string,
): TrainerKernelName | undefined {
  const wanted = settings.get('trainer')?.[processor]?.kernels;
  return trainerKernelNames.find((name) => name === wanted);
}

/** Makes training use these kernels on a kind of processor; undefined leaves the choice to the engine again. */
export function wantKernels(
  settings: Settings,
  processor: string,
  kernels: TrainerKernelName | undefined,
): Promise<void> {
  return settings.update((data) => {
    const { kernels: _, ...rest } = data.trainer?.[processor] ?? {};
    const { [processor]: _own, ...others } = data.trainer ?? {};
    const own = kernels === undefined ? rest : { ...rest, kernels };
    data.trainer = Object.keys(own).length > 0 ? { ...others, [processor]: own } : others;
  });
}

/** Notes what the engine chose by itself; nothing is written where that is known already. */
export async function noteChosenKernels(
  settings: Settings,
  processor: string,
  { kernels, precision }: { readonly kernels: string; readonly precision: string },
): Promise<void> {
  const known = settings.get('trainer')?.[processor]?.chosen;
  if (known?.kernels === kernels && known.precision === precision) return;
  await settings.update((data) => {
    const chosen = { kernels, precision };
    data.trainer = { ...data.trainer, [processor]: { ...data.trainer?.[processor], chosen } };
  });
}
