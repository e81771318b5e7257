import { describe, expect, it } from 'vitest';
import { rowDefaults } from '../corpus/rows/row-options.ts';
import { recipeDefaults } from './recipe.ts';
import { recipeFrom } from './recipe-from.ts';

describe('A recipe', () => {
  it('is the default one where nothing is asked for, in the form of the model', () => {
    const { rows, ...rest } = recipeFrom({ rank: undefined }, 'script');
    expect(rest).toEqual({ ...recipeDefaults, form: 'script' });
    expect(rows).toEqual(rowDefaults);
  });

  it('takes alpha from the rank and the seed of its rows from its own, unless they are given', () => {
    const recipe = recipeFrom({ rank: 4, seed: 7, form: 'chat' }, 'script');
    expect(recipe).toMatchObject({ rank: 4, alpha: 8, seed: 7, form: 'chat', rows: { seed: 7 } });
    expect(recipeFrom({ rank: 4, alpha: 3 }, 'chat').alpha).toBe(3);
    expect(recipeFrom({ seed: 7, rows: { seed: 2 } }, 'chat').rows.seed).toBe(2);
  });

  it('shows pairs their persona less often, and is refused for them in a turn of their own', () => {
    const { rows } = recipeFrom({ objective: 'preference' }, 'chat');
    expect(rows.drops).toEqual({ ...rowDefaults.drops, persona: 0.75 });
    expect(() => recipeFrom({ objective: 'preference', scope: 'turn' }, 'chat')).toThrow(
      '--objective preference is for --scope context alone',
    );
  });
});
