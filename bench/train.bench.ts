import { fileURLToPath } from 'node:url';
import { usableCores } from '#dramatis/engine/cores.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { median } from '#dramatis/median.js';
import { json } from './program.ts';
import { type Row, rowOf } from './record.ts';

const rounds = 3;
const ours = fileURLToPath(new URL('./train-steps.js', import.meta.url));
const peft = fileURLToPath(new URL('../../bench/peft-train.py', import.meta.url));

interface Measured {
  readonly tokensPerSecond: readonly number[];
  readonly peakMiB: number;
}

/**
 * Training SmolLM2-135M, rank 16 on all matrices, 4 × 128 tokens, half of them learned: Dramatis in each precision that
 * this CPU has, and PyTorch with PEFT where DRAMATIS_PYTHON names a Python that has them. In turn, a process each; ratios
 * are taken within a round, against the faster precision of PEFT.
 */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  const threads = Math.min(2, usableCores().count);
  const node = (precision: string) => () =>
    json<Measured>(process.execPath, [ours, path, precision, String(threads)]);
  const contenders: Record<string, () => Promise<Measured>> = {
    Dramatis: node('best'),
    'Dramatis, f32': node('f32'),
  };
  const python = process.env.DRAMATIS_PYTHON;
  for (const precision of python ? ['f32', 'bf16'] : [])
    contenders[`PEFT, ${precision}`] = () => json(python!, [peft, precision, String(threads)]);
  const measured = new Map<string, { speeds: number[]; medians: number[]; peaks: number[] }>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(contenders)) {
      const kept = measured.get(name) ?? { speeds: [], medians: [], peaks: [] };
      measured.set(name, kept);
      const { tokensPerSecond, peakMiB } = await measure();
      kept.speeds.push(...tokensPerSecond);
      kept.medians.push(median(tokensPerSecond));
      kept.peaks.push(peakMiB);
    }
  }
  for (const [name, { speeds, peaks }] of measured) {
    yield rowOf('train', `${name}: 4 × 128 tokens, rank 16`, 'tokens/s', speeds, { threads });
    yield rowOf('train', `${name}: peak resident memory`, 'MiB', peaks, { threads });
  }
  const peers = [measured.get('PEFT, f32'), measured.get('PEFT, bf16')];
  if (!peers[0] || !peers[1]) return;
  const faster = median(peers[0].medians) > median(peers[1].medians) ? peers[0] : peers[1];
  for (const name of ['Dramatis', 'Dramatis, f32']) {
    const { medians, peaks } = measured.get(name)!;
    const over = medians.map((rate, round) => rate / faster.medians[round]!);
    const memory = peaks.map((peak, round) => peak / faster.peaks[round]!);
    yield rowOf('train', `${name} over the faster PEFT`, 'ratio', over, { threads });
    yield rowOf('train', `${name} over the faster PEFT: memory`, 'ratio', memory, { threads });
  }
}
