import { hash32 } from '../../store/sha256.ts';

/**
 * A stream of numbers uniform in [0, 1), in steps of 2⁻³²: the same for the same seed on every machine.
 *
 * @param seed Its lowest 32 bits are used.
 * @see Doty-Humphrey, sfc32 of PractRand: passes its tests, and four registers of 32 bits are what JavaScript is fast at.
 */
export function prng(seed: number): () => number {
  let a = 0;
  let b = 0;
  let c = seed | 0;
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // Until the seed has reached all registers, neighbouring seeds give similar numbers.
  for (let round = 0; round < 15; round++) next();
  return next;
}

/** A seed of 32 bits for what the parts name, such as an item's id and what is drawn for it. */
export function seedOf(...parts: readonly string[]): number {
  return hash32(JSON.stringify(parts));
}

/** A copy in an order drawn from `random`, all orders alike likely (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}
