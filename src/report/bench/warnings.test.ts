import { describe, expect, it } from 'vitest';
import type { Results } from '../../eval/results.ts';
import { inventResults } from './results.test.support.ts';
import { warnings } from './warnings.ts';

const results = inventResults();

/** Results in which every estimate is made from so many scenes. */
function inScenes(clusters: number): Results {
  return {
    ...results,
    tasks: results.tasks.map((task) => ({
      ...task,
      metrics: task.metrics.map((metric) => ({
        ...metric,
        rows: Object.fromEntries(
          Object.entries(metric.rows).map(([row, estimate]) => [row, { ...estimate, clusters }]),
        ),
      })),
    })),
  };
}

describe('warnings of a run', () => {
  it('are none if there is nothing to warn of', () => {
    expect(warnings(results)).toEqual([]);
  });

  it('name the anchors that are out of order', () => {
    const [task, ...tasks] = results.tasks;
    const broken = ['accuracy of "impostor" (0.400) is not worse'];
    expect(warnings({ ...results, tasks: [{ ...task!, broken }, ...tasks] })).toEqual([
      expect.stringContaining('cue: accuracy of "impostor" (0.400) is not worse'),
    ]);
  });

  it('say when no difference can be told however large it is', () => {
    // 7 scenes can be swapped in 64 ways, so p is at least 1/64; over 8 tasks Holm makes 0.125 of it.
    expect(warnings(inScenes(7))).toEqual([
      expect.stringMatching(/^With 7 scenes no p is under 0\.016, .* over 8 tasks is 0\.13/),
    ]);
  });

  it('say that one or two scenes give no interval', () => {
    expect(warnings(inScenes(2))[0]).toMatch(/one or two scenes only, so no interval: cue, voice/);
  });
});
