/** What `bench speed` times, unless told otherwise. */
export const speedDefaults = { promptTokens: 512, generatedTokens: 128, repetitions: 5 } as const;

/** What `bench adapters` times, unless told otherwise. */
export const adapterSpeedDefaults = { rank: 16, rounds: 40 } as const;

/** How often `bench` repeats, and turns of each scene, unless told otherwise. */
export const measureDefaults = { repetitions: 5, turns: 8 } as const;

/** Tokens in the context at which reading and generation are timed. */
export const usualContexts: readonly number[] = [128, 512, 2048, 8192];

/** Sequences that generate side by side. */
export const usualBatches: readonly number[] = [1, 2, 4, 8, 16];
