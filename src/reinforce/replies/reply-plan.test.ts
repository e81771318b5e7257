import { describe, expect, it } from 'vitest';
import { type AskedSequence, type KindOfQuestion, replyPlan } from './reply-plan.ts';
import { requireDrawable } from './rollouts.ts';

const recipe = {
  ...{ steps: 6, seed: 1, looksEvery: 2, rate: 0.1, warmUpSteps: 2, questions: 6 },
};
function questions(kind: KindOfQuestion['kind'], count: number, isTwin = false): KindOfQuestion[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ kind, tokens: Int32Array.of(1, 2), prefixLength: 1, turnFrom: 1, stop: [] },
    asked: {
      ...{ id: `${kind} ${i}`, question: 'So?', shown: [] },
      ...(isTwin && { twin: `${kind} ${i % 2 === 0 ? i + 1 : i - 1}` }),
    },
  }));
}
const all = [...questions('cue', 20), ...questions('mask', 8), ...questions('known', 4, true)];
const idsOf = (step: { readonly sequences: readonly unknown[] }): string[] =>
  (step.sequences as AskedSequence[]).map(({ id }) => id);

describe('replyPlan', () => {
  it('asks questions of every kind in each step, twins together, in an order of the seed', () => {
    const plan = replyPlan(all, recipe);
    expect(plan).toEqual(replyPlan(all, recipe));
    expect(plan.map(idsOf)).not.toEqual(replyPlan(all, { ...recipe, seed: 2 }).map(idsOf));
    for (const step of plan) {
      const ids = idsOf(step);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => id.startsWith('known')).sort()).toHaveLength(2);
      const [one, other] = ids.filter((id) => id.startsWith('known'));
      expect(Number(one!.at(-1)) >> 1).toBe(Number(other!.at(-1)) >> 1);
      expect(ids.filter((id) => id.startsWith('mask'))).toHaveLength(2);
    }
    expect(plan.map(({ rate }) => rate).slice(0, 3)).toEqual([0.05, 0.1, 0.1]);
    expect(plan.map(({ isEvaluated }) => isEvaluated)).toEqual([
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  it('draws every step by a seed of its own, and fills with cues what others leave', () => {
    const plan = replyPlan(questions('cue', 4), recipe);
    const drawnBy = plan.map(({ sequences }) => (sequences[0] as AskedSequence).drawnBy);
    expect(new Set(drawnBy).size).toBe(6);
    expect(idsOf(plan[0]!).length).toBeGreaterThanOrEqual(4);
  });
});

describe('requireDrawable', () => {
  it('refuses a sampler that leaves tokens out with rloo, and a single reply', () => {
    const full = { method: 'rloo', sampler: 'full', replies: 4 } as const;
    expect(() => requireDrawable(full)).not.toThrow();
    expect(() => requireDrawable({ ...full, method: 'raft', sampler: 'chat' })).not.toThrow();
    expect(() => requireDrawable({ ...full, sampler: 'chat' })).toThrow(
      /--sampler chat leaves tokens out, and rloo/,
    );
    expect(() => requireDrawable({ ...full, replies: 1 })).toThrow(
      /--replies 1: .*only better or worse/,
    );
  });
});
