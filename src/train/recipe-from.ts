import { type RowRequest, rowDefaults, rowOptions } from '../corpus/rows/row-options.ts';
import { DramatisError } from '../errors.ts';
import type { Form } from '../prompt/prompt.ts';
import { hasPairs } from './objectives/all.ts';
import { type Recipe, recipeDefaults } from './recipe.ts';

/** What is to differ from `recipeDefaults`; `alpha` is twice the rank unless given. */
export type RecipeRequest = {
  readonly [Name in keyof Omit<Recipe, 'rows'>]?: Recipe[Name] | undefined;
} & { readonly rows?: RowRequest | undefined };

/** A pair is a row by itself, and a persona has more tokens than its other parts together. */
const pairDrops = { ...rowDefaults.drops, persona: 0.75 };

/**
 * A whole recipe: what is asked for, and the defaults for what is not.
 *
 * @param usualForm How the model is asked unless `form` is given.
 * @throws {DramatisError} USAGE for a preference with an adapter for the character's own turns alone.
 */
export function recipeFrom({ rows = {}, ...request }: RecipeRequest, usualForm: Form): Recipe {
  if (request.scope === 'turn' && hasPairs(request.objective))
    throw new DramatisError(
      'USAGE',
      `--objective ${request.objective} is for --scope context alone`,
    );
  const asked = Object.entries(request).filter(([, value]) => value !== undefined);
  const rank = request.rank ?? recipeDefaults.rank;
  const seed = request.seed ?? recipeDefaults.seed;
  const drops = hasPairs(request.objective) ? { drops: pairDrops } : {};
  return {
    ...recipeDefaults,
    form: usualForm,
    alpha: 2 * rank,
    ...Object.fromEntries(asked),
    rows: rowOptions({ ...rows, ...drops, seed: rows.seed ?? seed }),
  };
}
