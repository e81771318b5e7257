import { likelihood } from './likelihood.ts';
import type { Objective } from './objective.ts';
import { Preference } from './preference.ts';

/** Numbers of a recipe that objectives are made with. */
interface ObjectiveOptions {
  readonly beta: number;
}

interface ObjectiveEntry {
  make(options: ObjectiveOptions): Objective;
  /** Whether it learns from pairs, what is said in a place above what is not, and so asks for rows that have both. */
  readonly hasPairs: boolean;
}

/** Every objective by the name that a recipe and `train --objective` call it. */
const objectives = {
  likelihood: { make: () => likelihood, hasPairs: false },
  preference: { make: ({ beta }) => new Preference(beta), hasPairs: true },
} as const satisfies Readonly<Record<string, ObjectiveEntry>>;

export type ObjectiveName = keyof typeof objectives;
export const objectiveNames = Object.keys(objectives) as ObjectiveName[];

/** The objective that a recipe names. */
export function objectiveOf(
  recipe: ObjectiveOptions & { readonly objective: ObjectiveName },
): Objective {
  return objectives[recipe.objective].make(recipe);
}

/** Whether an objective learns from pairs; an objective that is not named is the default one, which does not. */
export function hasPairs(objective: ObjectiveName | undefined): boolean {
  return objective !== undefined && objectives[objective].hasPairs;
}
