import { describe, expect, it } from 'vitest';
import { planTasks } from '../../sweep/plan-tasks.ts';
import { recipeTexts } from './recipe-texts.ts';

describe('What recipes are', () => {
  it('is a sentence each: nothing trained, on scenes, on questions too, by rewards', () => {
    const study = {
      ...{ models: ['small'], characters: ['marta', 'jan'], tasks: ['bits', 'know'] },
      recipes: {
        prompted: null,
        adapter: { epochs: 1 },
        more: { kinds: 'scene,know' },
        taught: { reinforce: 'stage', plays: 'c' },
      },
    };
    const tasks = planTasks({ path: '/a/study.json', text: '', study }, [], 'd 1');
    const texts = recipeTexts({ tasks });
    expect(texts.map((text) => text.split(':')[0])).toEqual(Object.keys(study.recipes));
    expect(texts[0]).toContain('nothing is trained');
    expect(texts[1]).toContain('what the character says in the training scenes');
    expect(texts[1]).not.toContain('questions');
    expect(texts[2]).toContain('questions about what it lived through');
    expect(texts[3]).toContain('taught by rewards on other plays');
  });
});
