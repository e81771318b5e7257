import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSteps, type ScoreRequest, type StepLimits } from './score-plan.ts';

/** What a model would say of a token: anything that depends on all the tokens before it. */
function scoreOf(path: readonly number[]): number {
  return path.reduce((hash, token) => (Math.imul(hash, 31) + token + 7) % 99_991, 1);
}

/** Runs the steps as the engine does, and checks that each may be run. */
function run(requests: readonly ScoreRequest[], limits: StepLimits): number[][][] {
  const scores = requests.map(({ continuations }) =>
    continuations.map((tokens) => new Array<number>(tokens.length).fill(Number.NaN)),
  );
  for (const step of planSteps(requests, limits)) {
    const timeline = [...step.base];
    const pathTo = (node: number): number[] =>
      node < 0 ? timeline : [...pathTo(step.parents[node]!), step.tokens[node]!];
    for (const { request, continuation, offset, nodes } of step.results)
      nodes.forEach((node, i) => {
        expect(step.scored[node]).toBe(1);
        scores[request]![continuation]![offset + i] = scoreOf(pathTo(node));
      });
    expect(step.evaluated).toBeLessThanOrEqual(limits.tokens);
    expect(step.base.length + step.evaluated).toBeLessThanOrEqual(limits.window);
    if (step.keep >= 0) expect([...timeline, ...step.kept].join()).toBe(pathTo(step.keep).join());
  }
  return scores;
}

function alone(requests: readonly ScoreRequest[]): number[][][] {
  return requests.map(({ prefix, continuations }) =>
    continuations.map((tokens) =>
      Array.from(tokens, (_, i) => scoreOf([...prefix, ...tokens.subarray(0, i + 1)])),
    ),
  );
}

const text = (most: number) =>
  fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: most });
const request = fc.record({
  prefix: text(20),
  continuations: fc.array(text(30), { maxLength: 5 }),
});
const requestsOf = fc.array(request, { maxLength: 8 }).map((all) =>
  all.map(({ prefix, continuations }) => ({
    prefix: Int32Array.from(prefix),
    continuations: continuations.map((tokens) => Int32Array.from(tokens)),
  })),
);
const limitsOf = fc.record({
  tokens: fc.integer({ min: 4, max: 40 }),
  ends: fc.integer({ min: 3, max: 8 }),
  rows: fc.integer({ min: 4, max: 40 }),
  window: fc.integer({ min: 60, max: 200 }),
});

describe('planSteps', () => {
  it('gives every token of every text the path it has alone, within the limits', () => {
    fc.assert(
      fc.property(requestsOf, limitsOf, (requests, limits) => {
        expect(run(requests, limits)).toEqual(alone(requests));
      }),
    );
  });

  it('evaluates a scene that grows turn by turn once, whatever is asked between', () => {
    const scene = Int32Array.from({ length: 400 }, (_, i) => i);
    const labels = [Int32Array.of(1000, 1001), Int32Array.of(2000, 2001)];
    const requests = Array.from({ length: 39 }, (_, i) => [
      { prefix: scene.subarray(0, 10 * (i + 1)), continuations: labels },
      { prefix: Int32Array.of(7), continuations: labels },
    ]).flat();
    const limits = { tokens: 128, ends: 64, rows: 128, window: 1000 };
    const steps = planSteps(requests, limits);
    const fed = new Set<string>();
    let evaluated = 0;
    let timeline: number[] = [];
    for (const step of steps) {
      let same = 0;
      while (same < timeline.length && timeline[same] === step.base[same]) same++;
      evaluated += step.base.length - same + step.evaluated;
      timeline = [...step.base, ...step.kept];
      fed.add(timeline.join());
    }
    // The scene, the first token of each label, and a few tokens twice where steps meet.
    expect(evaluated).toBeLessThan(390 + 2 * 39 + 2 * steps.length);
    expect(steps.length).toBeLessThanOrEqual(6);
  });

  it('puts short requests into one step', () => {
    const requests = Array.from({ length: 10 }, (_, i) => ({
      prefix: Int32Array.of(1, 2, 3, 10 + i),
      continuations: [Int32Array.of(5), Int32Array.of(6, 7)],
    }));
    expect(planSteps(requests, { tokens: 64, ends: 32, rows: 64, window: 100 })).toHaveLength(1);
  });
});
