import { describe, expect, it } from 'vitest';
import { next } from '../eval/tasks/next.ts';
import { answersBy, saltRoad, sourceOf } from '../testing/plays/salt-road.ts';
import { nextChoices } from './next-choices.ts';

const source = sourceOf(saltRoad);
const items = new Map(next.items(source).map((item) => [item.id, item]));
const questions = nextChoices.questions(source);

describe('nextChoices', () => {
  it('rewards the speakers that the benchmark calls right, and no other', () => {
    expect(questions.length).toBeGreaterThan(0);
    for (const { id, rewards, page } of questions) {
      const item = items.get(id)!;
      const right = page.continuations.filter((_, k) => rewards[k] === 1);
      const answers = answersBy(next.requests(item), (text, { context }) =>
        right.includes(text) && context.kind === 'scene' && context.turns.length > 0 ? -1 : -2,
      );
      expect(next.measure(item, answers).accuracy).toBe(1);
      expect(rewards.every((reward) => reward === 0 || reward === 1)).toBe(true);
    }
  });

  it('asks for labels after the page and after nothing', () => {
    for (const { page, alone } of questions) {
      expect(alone.continuations).toEqual(page.continuations);
      expect(alone.context).toEqual({ kind: 'scene', turns: [] });
    }
  });

  it('tells turns that go back to who spoke before last from others, and leaves out those of one candidate', () => {
    expect(new Set(questions.map(({ group }) => group))).toEqual(new Set(['ABA', 'not ABA']));
    expect(questions.every(({ page }) => page.continuations.length > 1)).toBe(true);
    const left = [...items.values()].filter(({ candidates }) => candidates.length > 1);
    expect(questions.map(({ id }) => id)).toEqual(left.map(({ id }) => id));
  });
});
