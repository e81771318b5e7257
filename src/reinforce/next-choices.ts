import type { ScoreRequest } from '../eval/task.ts';
import { type NextItem, next } from '../eval/tasks/next.ts';
import type { ChoiceQuestion, ChoiceTask } from './choice-task.ts';

/**
 * Who speaks next, as the benchmark asks it: whoever does gets 1. Groups are turns that go back to who spoke before last,
 * and all others: a reader who always names that speaker has none of the second. Turns that only one could speak are no
 * choice, and are left out.
 */
export const nextChoices: ChoiceTask = {
  name: next.name,
  version: next.version,
  questions: (source) =>
    next
      .items(source)
      .filter(({ candidates }) => candidates.length > 1)
      .map(questionOf),
};

function questionOf(item: NextItem): ChoiceQuestion {
  const { id, task, scene, candidates, speakers, speaker, spokeBeforeLast } = item;
  const [page, alone] = next.requests(item) as readonly [ScoreRequest, ScoreRequest];
  return {
    id,
    task,
    scene,
    page,
    alone,
    rewards: candidates.map((candidate) => Number(speakers.includes(candidate))),
    group: speaker === spokeBeforeLast ? 'ABA' : 'not ABA',
  };
}
