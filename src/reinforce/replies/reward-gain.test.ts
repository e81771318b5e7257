import { describe, expect, it } from 'vitest';
import type { ReplyObjective } from './reply-objective.ts';
import { measureRewardGain } from './reward-gain.ts';
import type { PromptedQuestion } from './rollouts.ts';

const question = (scene: string, i: number): PromptedQuestion => ({
  ...{ tokens: Int32Array.of(1), prefixLength: 1, turnFrom: 1, stop: [] },
  asked: { id: `${scene} ${i}`, scene, question: 'So?', shown: [] },
});
/** A policy that gets `gains` more, by scene, than the one before it. */
function policy(gains: Readonly<Record<string, number>>): Pick<ReplyObjective, 'ask' | 'frozen'> {
  let isFrozen = false;
  return {
    ask: async (asked, replies) =>
      asked.flatMap(({ question: { asked: one } }) =>
        Array<number>(replies).fill(0.3 + (isFrozen ? 0 : gains[one.scene!]!)),
      ),
    async frozen(run) {
      isFrozen = true;
      return run(async () => new Float32Array());
    },
  };
}

describe('measureRewardGain', () => {
  it('compares replies with those of the policy before, scene by scene', async () => {
    const questions = ['1.1', '1.1', '2.1', '3.1'].map(question);
    const all = { replies: 2, seed: 1 };
    const gain = await measureRewardGain(
      policy({ '1.1': 0.1, '2.1': 0.2, '3.1': 0.3 }),
      questions,
      all,
    );
    expect(gain).toMatchObject({ n: 8 });
    expect(gain!.value).toBeCloseTo(0.2, 12);
    expect(gain!.low).toBeLessThan(0);
    const sure = await measureRewardGain(
      policy({ '1.1': 0.19, '2.1': 0.2, '3.1': 0.21 }),
      questions,
      all,
    );
    expect(sure!.low).toBeGreaterThan(0.1);
  });

  it('says nothing of a single scene', async () => {
    const questions = ['1.1', '1.1'].map(question);
    const gain = await measureRewardGain(policy({ '1.1': 1 }), questions, { replies: 2, seed: 1 });
    expect(gain).toBeUndefined();
  });
});
