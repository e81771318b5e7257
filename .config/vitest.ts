import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Three projects: `unit` never loads the addon and runs in parallel; `engine` loads it, one file at
 * a time, because ggml's threads must never outnumber the cores; `journeys` are users' stories with
 * the real model and the real plays, fetched once by the global set-up.
 */
export default defineConfig({
  test: {
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          exclude: ['src/**/*.engine.test.ts', 'src/journeys/**'],
          testTimeout: 30_000,
        },
      },
      {
        root,
        test: {
          name: 'engine',
          include: ['src/**/*.engine.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
        },
      },
      {
        root,
        test: {
          name: 'journeys',
          include: ['src/journeys/**/*.test.ts'],
          globalSetup: 'src/journeys/set-up.ts',
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
