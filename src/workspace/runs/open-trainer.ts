import type { ComputeOptions } from '../../engine/compute.ts';
import { trainerOptionsFrom } from '../../engine/machine-settings.ts';
import { type Factors, Trainer } from '../../engine/trainer.ts';
import type { Settings } from '../../store/settings.ts';
import type { Recipe } from '../../train/recipe.ts';

/** What is trained, and on what. */
export interface TrainerShape
  extends Pick<Recipe, 'rank' | 'alpha' | 'matrices'>,
    Partial<Pick<Recipe, 'rankStabilised' | 'dropout' | 'layers'>> {
  /** The base model's file. */
  readonly path: string;
  /** Adapters that are part of what is frozen. */
  readonly onto: readonly Factors[];
}

/** Where, and how exactly. */
export interface TrainerMachine extends ComputeOptions {
  readonly settings: Settings;
  readonly precision?: 'bf16' | 'f32' | undefined;
  /** Name of a device, such as "CUDA0"; the CPU unless given. */
  readonly device?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a trainer as this machine's settings say. */
export function openTrainer(
  { path, layers, ...shape }: TrainerShape,
  { settings, precision, device, threads, gpu, signal }: TrainerMachine,
): Promise<Trainer> {
  const { rank, alpha, rankStabilised, dropout, matrices, onto } = shape;
  return Trainer.open(path, {
    ...trainerOptionsFrom(settings),
    ...(threads !== undefined && { threads }),
    ...(gpu !== undefined && { gpu }),
    ...{ rank, alpha, matrices, onto },
    ...(rankStabilised !== undefined && { rankStabilised }),
    ...(dropout !== undefined && { dropout }),
    ...(layers && { layers }),
    ...(precision && { precision }),
    ...(device && { device }),
    ...(signal && { signal }),
  });
}
