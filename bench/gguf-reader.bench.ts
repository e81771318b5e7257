import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTinyModel } from '#dramatis/testing/models/tiny-model.js';
import type { Row } from './record.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** `BENCH_EXECUTIONS`: fewer, to see that it works. */
const executions = Number(process.env.BENCH_EXECUTIONS ?? 10_000_000);

/**
 * Mutated headers of a model read by ggml's reader under the address sanitizer, which ends the program at the first fault.
 * Takes half an hour of one core; the validator in src/gguf, which refuses most of them before, is not in between.
 */
export async function* run(): AsyncGenerator<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-fuzz-'));
  try {
    const seed = join(folder, 'tiny.gguf');
    await writeTinyModel(seed);
    const built = execFileSync(process.execPath, ['native/build.mjs', '--sanitize', '--where'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const program = join(built.trim().split('\n').at(-1)!, 'gguf_fuzz');
    const out = execFileSync(program, [seed, String(executions)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { read, longestMs } = JSON.parse(out) as { read: number; longestMs: number };
    yield {
      bench: 'gguf-reader',
      name: 'mutated headers read under the address sanitizer, none with a fault',
      unit: 'executions',
      median: executions,
      with: { taken: read, longestMs },
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
