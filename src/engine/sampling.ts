import { randomInt } from 'node:crypto';
import type { Grammar } from './grammar.ts';
import type { NativeSampling } from './native.ts';

/** How a token is drawn. The samplers act in the order of the fields, then the draw. */
export interface Sampling {
  /** Above 1 lowers what was said lately, in the last `repeatLast` tokens. 1 = off. */
  readonly repeatPenalty: number;
  readonly repeatLast: number;
  /** DRY: penalty = multiplier · base^(n − allowed) for a token that would make a repetition n long. 0 = off. */
  readonly dryMultiplier: number;
  readonly dryBase: number;
  readonly dryAllowed: number;
  /** How far back DRY looks, in tokens. */
  readonly dryLast: number;
  /** Grammars that the reply must match, all of them, their weights multiplied; text of src/steer/grammar/grammar.md or compiled; '' = none. */
  readonly grammar: string | Grammar | readonly (string | Grammar)[];
  /** λ: how much the grammar's weights count. 0 = only its rules, 1 = as written. */
  readonly strength: number;
  /**
   * Drops what lies more than so many standard deviations of the logits below the likeliest: the rest is the noise that
   * most logits are. It keeps the same tokens at any temperature. 0 = none; 1 is the paper's.
   *
   * @see Tang et al., "Top-nσ: Not All Logits Are You Need", 2024 (arXiv 2411.07641).
   */
  readonly topNSigma: number;
  /** Keeps the k likeliest. 0 = all. */
  readonly topK: number;
  /** Keeps the likeliest that together have this probability. 1 = all. */
  readonly topP: number;
  /** Drops what is less likely than this times the likeliest. 0 = none. */
  readonly minP: number;
  /** 0 = always the likeliest. */
  readonly temperature: number;
  /** Seed of the random draws, 0 to 2³² − 1. */
  readonly seed: number;
}

/** The only home of these numbers. DRY keeps a small model from circling; min-p suits its flat tails better than top-p. */
export const defaultSampling: Sampling = {
  repeatPenalty: 1,
  repeatLast: 64,
  dryMultiplier: 0.8,
  dryBase: 1.75,
  dryAllowed: 3,
  dryLast: 512,
  grammar: '',
  strength: 1,
  topNSigma: 0,
  topK: 40,
  topP: 1,
  minP: 0.08,
  temperature: 0.8,
  seed: 0,
};

/** Always the likeliest token, nothing else: what speed is measured with. */
export const greedy: Sampling = { ...defaultSampling, dryMultiplier: 0, temperature: 0 };

/** A seed for a draw nobody asked to repeat. */
export function freshSeed(): number {
  return randomInt(2 ** 31);
}

/** @throws {RangeError} For a number that no sampler could work with. */
export function toNative(sampling: Sampling): NativeSampling {
  const { temperature, topNSigma, topK, topP, minP, seed, repeatPenalty } = sampling;
  for (const [name, value] of Object.entries(sampling)) {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new RangeError(`${name} is ${value}; a finite number is wanted`);
    }
  }
  const check = (ok: boolean, what: string): void => {
    if (!ok) throw new RangeError(what);
  };
  check(temperature >= 0, `temperature is ${temperature}; 0 or more is wanted`);
  check(topNSigma >= 0, `topNSigma is ${topNSigma}; 0 or more is wanted`);
  check(Number.isInteger(topK) && topK >= 0, `topK is ${topK}; a whole number from 0 is wanted`);
  check(topP > 0 && topP <= 1, `topP is ${topP}; more than 0 and at most 1 is wanted`);
  check(minP >= 0 && minP < 1, `minP is ${minP}; from 0 to less than 1 is wanted`);
  check(repeatPenalty > 0, `repeatPenalty is ${repeatPenalty}; more than 0 is wanted`);
  check(
    Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32,
    `seed is ${seed}; a whole number from 0 to 4294967295 is wanted`,
  );
  return sampling;
}
