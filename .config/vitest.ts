import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { parseCpuList, usableCores } from '../src/engine/cores.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Tests that stand in a project of their own by the end of their name. */
const ownProject = ['mocked', 'engine', 'plays', 'durability', 'browser', 'faults'].map(
  (name) => `src/**/*.${name}.test.ts`,
);

/** Projects run one after the other in the order of their numbers; nothing runs beside a test that counts on a quiet machine. */
const serial = (groupOrder: number) => ({
  pool: 'forks' as const,
  fileParallelism: false,
  sequence: { groupOrder },
});

/** A file on each processor; by itself vitest leaves one idle, which is half of a machine of two. */
const parallel = (groupOrder: number) => ({ maxWorkers: '100%', sequence: { groupOrder } });

/** Processors to bind workers to, one for each; none where nothing is bound, as on macOS. At most four: each has a model open. */
function bindable(): readonly number[] {
  const { stdout } = spawnSync('taskset', ['-pc', String(process.pid)], { encoding: 'utf8' });
  const list = /: (\S+)\s*$/.exec(stdout ?? '')?.[1] ?? '';
  return parseCpuList(list).slice(0, Math.min(4, usableCores().count));
}

const processors = bindable();

/**
 * As many files at once as there are processors, each bound to one of them; in the order of the numbers like the others. Each
 * project has a number of its own, as workers are counted anew in each.
 */
const bound = (groupOrder: number) => ({
  pool: 'forks' as const,
  maxWorkers: Math.max(1, processors.length),
  sequence: { groupOrder },
  env: { TEST_PROCESSORS: processors.join(',') },
  setupFiles: ['src/testing/own-processor.ts'],
});

/**
 * Eight projects.
 *
 * - `unit` never loads the addon, fetches nothing, watches no clock, and runs in parallel. Its files share the modules they load.
 * - `mocked` is like `unit`, for files that put modules of their own in the place of others: each has its modules for itself.
 * - `plays` checks what is made of the real Hamlet and Macbeth; it opens no model.
 * - `durability` kills processes, holds locks and waits for heartbeats, with a file on each processor.
 * - `browser` looks at the page as it is seen, in Chromium; skipped where there is none.
 * - `engine` loads the addon, a file on each processor: ggml's threads must never outnumber the cores.
 * - `faults` damages files, fails system calls and kills the compiled program at each write, a file on each processor.
 * - `journeys` are users' stories with the compiled program, a real model and the real plays, a file on each processor.
 */
export default defineConfig({
  test: {
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts'],
          exclude: [...ownProject, 'src/journeys/**'],
          ...parallel(0),
          pool: 'threads',
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
          testTimeout: 30_000,
        },
      },
      {
        root,
        test: {
          name: 'mocked',
          include: ['src/**/*.mocked.test.ts'],
          ...parallel(0),
          testTimeout: 30_000,
        },
      },
      {
        root,
        test: {
          name: 'plays',
          include: ['src/**/*.plays.test.ts'],
          globalSetup: 'src/testing/real-plays.ts',
          ...parallel(1),
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
      {
        root,
        test: {
          name: 'durability',
          include: ['src/**/*.durability.test.ts'],
          ...parallel(2),
          pool: 'forks',
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        root,
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.ts'],
          ...serial(3),
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        root,
        test: {
          name: 'engine',
          include: ['src/**/*.engine.test.ts'],
          ...bound(4),
          testTimeout: 120_000,
        },
      },
      {
        root,
        test: {
          name: 'faults',
          include: ['src/**/*.faults.test.ts'],
          globalSetup: 'src/journeys/set-up.ts',
          ...bound(5),
          testTimeout: 120_000,
          hookTimeout: 600_000,
        },
      },
      {
        root,
        test: {
          name: 'journeys',
          include: ['src/journeys/**/*.test.ts'],
          exclude: ownProject,
          globalSetup: 'src/journeys/set-up.ts',
          ...bound(6),
          isolate: false,
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
