import { defaultSampling, type Sampling } from '../engine/sampling.ts';

/**
 * How an actor draws its words unless told otherwise. Cooler than the engine's default, and with what was
 * said lately made less likely: a small model left alone circles ("I am the king, I am the queen, I am …").
 */
export const speechSampling: Sampling = {
  ...defaultSampling,
  temperature: 0.6,
  minP: 0.1,
  repeatPenalty: 1.15,
  repeatLast: 128,
};
