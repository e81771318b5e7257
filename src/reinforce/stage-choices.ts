import type { ScoreRequest } from '../eval/task.ts';
import { type StageItem, stage } from '../eval/tasks/stage.ts';
import type { ChoiceQuestion, ChoiceTask } from './choice-task.ts';

/**
 * Who is here, as the benchmark asks it: the right answer gets 1, the other 0. Groups are those who are here, those who
 * have left, and those whom the page has not shown: a reader who says yes to everybody seen so far has none of the second.
 */
export const stageChoices: ChoiceTask = {
  name: stage.name,
  version: stage.version,
  questions: (source) => stage.items(source).map(questionOf),
};

function questionOf(item: StageItem): ChoiceQuestion {
  const { id, task, scene, isHere, wasSeen } = item;
  const [page, alone] = stage.requests(item) as readonly [ScoreRequest, ScoreRequest];
  return {
    id,
    task,
    scene,
    page,
    alone,
    rewards: isHere ? [1, 0] : [0, 1],
    group: isHere ? 'here' : wasSeen ? 'left' : 'unseen',
  };
}
