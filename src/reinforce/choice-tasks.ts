import { DramatisError } from '../errors.ts';
import type { ChoiceTask } from './choice-task.ts';
import { nextChoices } from './next-choices.ts';
import { stageChoices } from './stage-choices.ts';

/** Every task that `reinforce choice` can learn, a file each. */
export const choiceTasks: readonly ChoiceTask[] = [stageChoices, nextChoices];

/** @throws {DramatisError} USAGE for a task that cannot be learned, or none. */
export function choiceTasksNamed(names: readonly string[]): readonly ChoiceTask[] {
  const known = choiceTasks.map(({ name }) => name).join(', ');
  if (names.length === 0) throw new DramatisError('USAGE', `no task was named; there is ${known}`);
  return [...new Set(names)].map((name) => {
    const task = choiceTasks.find((one) => one.name === name);
    if (task) return task;
    throw new DramatisError('USAGE', `"${name}" cannot be learned by choice; there is ${known}`);
  });
}
