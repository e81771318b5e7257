import type { Answer } from '../measure/row.ts';
import type { LeverName } from '../steer/lever-descriptions.ts';
import { leverNames } from '../steer/lever-names.ts';
import type { Request } from './task.ts';

/** Parts of a character that can be taken away one by one. "prompt": the template asked for, in place of the default. */
export const componentNames = [
  ...(['persona', 'adapter', 'memory'] as const),
  ...leverNames,
  'prompt',
] as const;
export type Component = (typeof componentNames)[number];
export type Components = Readonly<Record<Component, boolean>>;

/** Each lever on where the function says so. */
export function componentsWhere(isOn: (lever: Component) => boolean): Components {
  const on = componentNames.map((lever) => [lever, isOn(lever)]);
  return Object.fromEntries(on) as Record<Component, boolean>;
}

export const noComponents: Components = componentsWhere(() => false);

/** The levers of steering among the components that are on. */
export function steeredBy(levers: Components): LeverName[] {
  return leverNames.filter((name) => levers[name]);
}

/** What it took to answer. */
export interface Usage {
  /** Tokens evaluated to score. */
  readonly evaluatedTokens: number;
  /** Tokens of prompts evaluated to generate. */
  readonly readTokens: number;
  /** Tokens whose log-probability was asked for. */
  readonly scoredTokens: number;
  readonly generatedTokens: number;
  /** Milliseconds: of scoring, of generating after the first token, and from a question to its first token. */
  readonly scoreMs: number;
  readonly generateMs: number;
  readonly firstTokenMs: readonly number[];
}

export const noUsage: Usage = {
  evaluatedTokens: 0,
  readTokens: 0,
  scoredTokens: 0,
  generatedTokens: 0,
  scoreMs: 0,
  generateMs: 0,
  firstTokenMs: [],
};

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    evaluatedTokens: a.evaluatedTokens + b.evaluatedTokens,
    readTokens: a.readTokens + b.readTokens,
    scoredTokens: a.scoredTokens + b.scoredTokens,
    generatedTokens: a.generatedTokens + b.generatedTokens,
    scoreMs: a.scoreMs + b.scoreMs,
    generateMs: a.generateMs + b.generateMs,
    firstTokenMs: [...a.firstTokenMs, ...b.firstTokenMs],
  };
}

/** How fast it went; 0 for what was not done. */
export function ratesOf(usage: Usage): {
  readonly promptTokensPerSecond: number;
  /** Rate of the tokens after the first. */
  readonly generatedTokensPerSecond: number;
  /** Median time to the first token. */
  readonly firstTokenMs: number;
} {
  const first = [...usage.firstTokenMs].sort((a, b) => a - b);
  const per = (tokens: number, ms: number): number => (ms > 0 ? (1000 * tokens) / ms : 0);
  return {
    promptTokensPerSecond: per(usage.evaluatedTokens, usage.scoreMs),
    generatedTokensPerSecond: per(usage.generatedTokens - first.length, usage.generateMs),
    firstTokenMs: first[first.length >> 1] ?? 0,
  };
}

/** What answers: a model with its levers, here or behind an endpoint. */
export interface Subject {
  /**
   * Answers the requests of one unit, each in its place. The same unit gets the same answers to the bit,
   * whatever was asked before.
   */
  answerUnit(
    requests: readonly Request[],
    signal?: AbortSignal,
  ): Promise<{ readonly answers: readonly Answer[]; readonly usage: Usage }>;
  /** A copy of this subject with the given components on; one that it does not have stays off. */
  withComponents(levers: Components): Subject;
  /** The levers that are on. */
  readonly levers: Components;
}
