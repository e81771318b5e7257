import { describe, expect, it } from 'vitest';
import { rowDefaults } from '../corpus/rows/row-options.ts';
import { formerRecipe, recipeDefaults } from './recipe.ts';

describe('A recipe as former programs wrote it', () => {
  it('has the same values in the same order, with evaluations of an epoch as "looks"', () => {
    const recipe = { ...recipeDefaults, evalsPerEpoch: 5, rows: rowDefaults };
    const text = JSON.stringify(recipe).replace('"evalsPerEpoch"', '"looks"');
    expect(JSON.stringify(formerRecipe(recipe))).toBe(text);
    expect(text).toContain('"looks":5');
  });
});
