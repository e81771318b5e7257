import { optionOf } from '../../sweep/cost/task-cost.ts';
import type { Manifest, SweepTask } from '../../sweep/manifest.ts';

/** What each recipe of a study does to a model, as a sentence for whoever was not there. */
export function recipeTexts({ tasks }: Pick<Manifest, 'tasks'>): string[] {
  const trainings = new Map(
    tasks.filter(({ kind }) => kind === 'train').map((task) => [task.point.recipe, task]),
  );
  const asked = tasks.filter(({ kind }) => kind === 'eval').map(({ point }) => point.recipe);
  return [...new Set(asked)].map((recipe) => {
    const training = trainings.get(recipe);
    return `${recipe}: ${training ? trainingText(training) : promptedText}`;
  });
}

const promptedText =
  'the model as it is. It is told in words who it is, how things stand, and what it remembers of the play; nothing is trained.';

function trainingText(task: SweepTask): string {
  if (task.argv[0] === 'reinforce')
    return 'the same, with a small addition to the model’s weights (a LoRA adapter) that was taught by rewards on other plays; see “Reinforcement”.';
  const asksToo = optionOf(task, '--kinds')?.split(',').includes('know') ?? false;
  const what = asksToo
    ? 'what the character says in the training scenes, and from questions about what it lived through there, answered in modern words'
    : 'what the character says in the training scenes';
  return `the same, with a small addition to the model’s weights (a LoRA adapter) that was learned from ${what}.`;
}
