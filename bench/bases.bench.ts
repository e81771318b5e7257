import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usableCores } from '#dramatis/engine/cores.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { median } from '#dramatis/median.js';
import { dequantise } from './dequantise.ts';
import { json } from './program.ts';
import { type Row, rowOf } from './record.ts';

const rounds = 3;
const steps = fileURLToPath(new URL('./train-steps.js', import.meta.url));

/** Training SmolLM2-135M from its Q4_1 file and from the same numbers in F16, in turn, a process each. */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  const threads = Math.min(2, usableCores().count);
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-bases-'));
  try {
    const plain = join(folder, 'f16.gguf');
    await dequantise(path, plain, 'F16');
    const speeds: Record<string, number[]> = { Q4_1: [], F16: [] };
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const medians: number[] = [];
      for (const [name, from] of [
        ['Q4_1', path],
        ['F16', plain],
      ] as const) {
        const args = [steps, from, 'best', String(threads)];
        const found = await json<{ tokensPerSecond: number[] }>(process.execPath, args);
        speeds[name]!.push(...found.tokensPerSecond);
        medians.push(median(found.tokensPerSecond));
      }
      ratios.push(medians[0]! / medians[1]!);
    }
    for (const [name, found] of Object.entries(speeds))
      yield rowOf('bases', `training from ${name}`, 'tokens/s', found, { threads });
    yield rowOf('bases', 'Q4_1 over F16', 'ratio', ratios, { threads });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
