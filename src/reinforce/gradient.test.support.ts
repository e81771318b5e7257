import { type TrainBatch, Trainer } from '../engine/trainer.ts';
import { prng } from '../measure/statistics/prng.ts';

/** A trainer whose factors do something. */
export async function movedTrainer(path: string): Promise<Trainer> {
  const trainer = await Trainer.open(path, { rank: 2, alpha: 4, gpu: 'off', precision: 'f32' });
  trainer.reset(1);
  const state = await trainer.save();
  const random = prng(5);
  for (const { begin, length, isMoment } of parts(trainer))
    if (!isMoment) for (let i = 0; i < length; i++) state[begin + i]! += 0.2 * (random() - 0.5);
  await trainer.restore(state, 0);
  return trainer;
}

/** Where the factors of each matrix and their first moments stand in what `Trainer.save` gives. */
export function parts(trainer: Trainer) {
  let begin = 0;
  return trainer.factors().flatMap(({ name, a, b }) =>
    [
      { part: 'a', length: a.length },
      { part: 'b', length: b.length },
      { part: 'a', length: a.length, isMoment: true },
      { part: 'b', length: b.length, isMoment: true },
      { part: 'v', length: a.length + b.length, isMoment: true },
    ].map(({ part, length, isMoment = false }) => {
      const found = { name: `${name} ${part}`, begin, length, isMoment };
      begin += length;
      return found;
    }),
  );
}

/** The gradient of a batch in every factor, in the places where `Trainer.save` has its first moments. */
export async function gradientOf(trainer: Trainer, batch: TrainBatch): Promise<Float32Array> {
  const state = await trainer.save();
  await trainer.pass(batch, { noise: 1 });
  const adam = { rate: 0, beta1: 0.5, beta2: 0.5, epsilon: 1e-8, decay: 0, clip: 0 };
  await trainer.step(adam);
  const found = (await trainer.save()).map((value) => value / 0.5);
  await trainer.restore(state, 0);
  return found;
}

/** The slope of a value along the gradient of each matrix's factors, by finite differences and by the trainer. */
export async function slopes(
  trainer: Trainer,
  batch: TrainBatch,
  value: () => Promise<number>,
): Promise<{ name: string; found: number; expected: number }[]> {
  const gradient = await gradientOf(trainer, batch);
  const state = await trainer.save();
  const all = parts(trainer);
  const out: { name: string; found: number; expected: number }[] = [];
  for (const [i, { name, begin, length, isMoment }] of all.entries()) {
    if (isMoment) continue;
    // Factors come before their moments, as many places apart: a, b, and the moments of both.
    const moment = all[i + 2]!.begin;
    const along = gradient.subarray(moment, moment + length);
    const expected = Math.hypot(...along);
    const h = 0.01;
    const at = async (step: number): Promise<number> => {
      const moved = Float32Array.from(state);
      along.forEach((g, j) => {
        moved[begin + j]! += (step * g) / expected;
      });
      await trainer.restore(moved, 0);
      return value();
    };
    const found = ((await at(h)) - (await at(-h))) / (2 * h);
    out.push({ name, found, expected });
  }
  await trainer.restore(state, 0);
  return out;
}
