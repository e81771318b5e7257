import type { Model } from '../model.ts';
import { greedy } from '../sampling.ts';

/** Generation is timed for so long, or over so many tokens, whichever ends first. */
const longestMs = 1_000;
const mostTokens = 24;
/** Tokens that only warm the caches up. */
const warmUpTokens = 2;

/**
 * Tokens a second that a model generates on this machine, measured in one second or two: enough to say whether a
 * conversation with it is bearable, not to compare machines. `measureSpeed` does that.
 *
 * It goes by the quicker quarter of the steps: a machine that is busy now is not always busy.
 *
 * @throws `signal.reason`
 */
export async function measureBriefly(model: Model, signal?: AbortSignal): Promise<number> {
  using session = await model.session({ window: 64 });
  const bias = new Map(Array.from(model.info.ends, (end) => [end, -1e9] as const));
  const stream = session.generate(model.tokenize('Who is there? '), {
    sampling: greedy,
    maxTokens: warmUpTokens + mostTokens,
    bias,
    ...(signal && { signal }),
  });
  for (let i = 0; i < warmUpTokens; i++) await stream.next();
  const steps: number[] = [];
  const start = performance.now();
  while (steps.length < mostTokens && performance.now() - start < longestMs) {
    const before = performance.now();
    await stream.next();
    steps.push(performance.now() - before);
  }
  await stream.return('length');
  steps.sort((a, b) => a - b);
  return 1000 / steps[Math.floor(steps.length / 4)]!;
}
