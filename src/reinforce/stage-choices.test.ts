import { describe, expect, it } from 'vitest';
import { stage } from '../eval/tasks/stage.ts';
import { answersBy, saltRoad, sourceOf } from '../testing/plays/salt-road.ts';
import { choiceTasksNamed } from './choice-tasks.ts';
import { stageChoices } from './stage-choices.ts';

const source = sourceOf(saltRoad);
const items = stage.items(source);
const questions = stageChoices.questions(source);

describe('stageChoices', () => {
  it('rewards the answers that the benchmark calls right', () => {
    expect(questions.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    questions.forEach(({ rewards, page }, i) => {
      const item = items[i]!;
      const best = page.continuations[rewards.indexOf(1)]!;
      const answers = answersBy(stage.requests(item), (text, { context }) =>
        text === best && context.kind === 'scene' && context.turns.length > 1 ? -1 : -2,
      );
      expect(stage.measure(item, answers).accuracy).toBe(1);
    });
  });

  it('asks the same with the page and without', () => {
    for (const { page, alone } of questions) {
      expect(alone.continuations).toEqual(page.continuations);
      const [asked, bare] = [page.context, alone.context];
      if (asked.kind !== 'scene' || bare.kind !== 'scene') throw new Error('not a scene');
      expect(bare.turns).toEqual(asked.turns.slice(-1));
    }
  });

  it('tells apart who is here, who has left and who is yet to come', () => {
    const groups = new Set(questions.map(({ group }) => group));
    expect(groups).toEqual(new Set(['here', 'left', 'unseen']));
    questions.forEach(({ group }, i) => {
      expect(group === 'here').toBe(items[i]!.isHere);
      if (group === 'left') expect(items[i]!.wasSeen).toBe(true);
    });
  });
});

describe('choiceTasksNamed', () => {
  it('finds tasks by name, each once, and says which there are', () => {
    expect(choiceTasksNamed(['stage', 'stage'])).toEqual([stageChoices]);
    const usage = (message: RegExp) =>
      expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) });
    expect(() => choiceTasksNamed(['metre'])).toThrow(
      usage(/"metre" cannot .* there is stage, next/),
    );
    expect(() => choiceTasksNamed([])).toThrow(usage(/no task was named/));
  });
});
