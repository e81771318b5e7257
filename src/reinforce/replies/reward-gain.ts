import { studentMean } from '../../measure/statistics/student-mean.ts';
import type { Figure } from '../../registry/version.ts';
import type { ReplyObjective } from './reply-objective.ts';
import { askedSequence } from './reply-plan.ts';
import type { PromptedQuestion } from './rollouts.ts';

/**
 * By how much replies to questions are worth more than those of the policy before, by scene: Student's interval over scenes.
 *
 * @param questions Of scenes that nothing was learned from.
 * @returns Undefined for fewer than two scenes, which have no interval.
 */
export async function measureRewardGain(
  objective: Pick<ReplyObjective, 'ask' | 'frozen'>,
  questions: readonly PromptedQuestion[],
  { replies, seed }: { readonly replies: number; readonly seed: number },
): Promise<Figure | undefined> {
  const scenes = [...new Set(questions.map(({ asked }) => asked.scene))];
  if (scenes.length < 2) return undefined;
  const asked = questions.map((question) => askedSequence(question, `${seed} held out`));
  const after = await objective.ask(asked, replies);
  const before = await objective.frozen(() => objective.ask(asked, replies));
  const gains = scenes.map((scene) => {
    const own = after.flatMap((reward, i) =>
      questions[Math.floor(i / replies)]!.asked.scene === scene ? [reward - before[i]!] : [],
    );
    return own.reduce((sum, gain) => sum + gain, 0) / own.length;
  });
  const { value, low, high } = studentMean(gains);
  return { value, low, high, n: after.length };
}
