import { likelihood } from './likelihood.ts';
import type { Objective } from './objective.ts';
import { Preference } from './preference.ts';

/** Numbers of a recipe that objectives are made with. */
interface ObjectiveOptions {
  readonly beta: number;
}

/** Every objective by the name that a recipe and `train --objective` call it. */
const objectives = {
  likelihood: () => likelihood,
  preference: ({ beta }) => new Preference(beta),
} as const satisfies Readonly<Record<string, (options: ObjectiveOptions) => Objective>>;

export type ObjectiveName = keyof typeof objectives;
export const objectiveNames = Object.keys(objectives) as ObjectiveName[];

/** The objective that a recipe names. */
export function objectiveOf(
  recipe: ObjectiveOptions & { readonly objective: ObjectiveName },
): Objective {
  return objectives[recipe.objective](recipe);
}
