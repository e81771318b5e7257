import { DramatisError } from '../../errors.ts';
import { maxBranches } from '../native.ts';
import { settle } from '../settle.ts';
import type { Evaluator } from './evaluator.ts';
import { planSteps, type ScoreRequest } from './score-plan.ts';

/** Log-probabilities in nats, a row for each continuation of each request, and how many tokens were evaluated. */
export interface Scored {
  readonly scores: Float32Array[][];
  readonly evaluated: number;
}

/**
 * Scores the continuations of many prefixes at once: see `Session.scoreAll`.
 *
 * @param scoreRows Tokens of one step that others are scored after.
 */
export async function scoreAll(
  evaluator: Evaluator,
  requests: readonly ScoreRequest[],
  scoreRows: number,
  signal: AbortSignal | undefined,
): Promise<Scored> {
  for (const request of requests) check(request, evaluator.window);
  const scores = requests.map(({ continuations }) =>
    continuations.map((tokens) => new Float32Array(tokens.length)),
  );
  let evaluated = 0;
  const limits = {
    tokens: evaluator.stepTokens,
    ends: maxBranches,
    rows: scoreRows,
    window: evaluator.window,
  };
  for (const step of planSteps(requests, limits)) {
    evaluated += (await evaluator.become(step.base, signal)) + step.evaluated;
    signal?.throwIfAborted();
    const { tokens, parents, scored, keep, kept, results } = step;
    await evaluator.apply();
    const keys = evaluator.keysOf(kept.length);
    const found = await settle(evaluator.native.scoreTree(tokens, parents, scored, keep));
    evaluator.timeline.push(kept, keys);
    for (const { request, continuation, offset, nodes } of results) {
      const row = scores[request]![continuation]!;
      nodes.forEach((node, i) => {
        row[offset + i] = found[node]!;
      });
    }
  }
  return { scores, evaluated };
}

function check({ prefix, continuations }: ScoreRequest, window: number): void {
  if (prefix.length === 0) throw new RangeError('the prefix is empty; at least 1 token is wanted');
  if (continuations.some((tokens) => tokens.length === 0))
    throw new RangeError('a continuation is empty; at least 1 token is wanted');
  const longest = Math.max(0, ...continuations.map((tokens) => tokens.length));
  const needed = prefix.length + longest;
  if (needed > window) {
    throw new DramatisError(
      'WINDOW_EXCEEDED',
      `prefix and continuation have ${needed} tokens and the window ${window}`,
    );
  }
}
