import { describe, expect, it } from 'vitest';
import { planTasks } from '../plan-tasks.ts';
import { assumedCost, type TaskSize, taskCosts } from './task-cost.ts';

const tasks = planTasks(
  {
    path: '/a/study.json',
    text: '',
    study: {
      ...{ models: ['small', 'large'], characters: ['marta', 'jan'], tasks: ['know'] },
      recipes: {
        none: null,
        low: { epochs: 2 },
        facts: { epochs: 2, kinds: 'scene,know' },
        taught: {
          reinforce: 'stage',
          plays: 'c',
          steps: 40,
          batch: 1000,
          'looks-every': 20,
          'look-pages': 2,
        },
      },
      scenes: { tasks: 'duet', turns: 10 },
      speed: { benches: 'speed train' },
    },
  },
  [],
  'd 1',
);
const sizeOf = ({ point: { model } }: { point: { model: string } }): TaskSize => ({
  parameters: model === 'small' ? 135 : 1350,
  ...{ items: { know: 10 }, words: 1000, scenes: 3 },
});
const named = (words: string) => tasks.find(({ label }) => label.includes(words))!;
const minutes = (words: string) => assumedCost(named(words), sizeOf(named(words))).minutes;

describe('The cost of a task', () => {
  it('grows with its items, its words and epochs, its turns and its benches, and less than its model', () => {
    expect(minutes('eval-small-marta-none')).toBeCloseTo((4 + 87) / 60);
    expect(minutes('train-small-marta-low')).toBeCloseTo((4 + (1000 * 2.9 * 2) / 420) / 60);
    const withKnow = (1000 * (2.9 + 12) * 2) / 420;
    expect(minutes('train-small-marta-facts')).toBeCloseTo((4 + withKnow) / 60);
    // Forty steps, and three looks at two pages of 1,200 tokens.
    expect(minutes('train-small-taught')).toBeCloseTo((4 + (40 * 1000 + 3 * 2 * 1200) / 420) / 60);
    expect(minutes('scenes-small')).toBeCloseTo((4 + 3 * 10 * 2.5) / 60);
    expect(minutes('speed-small')).toBeCloseTo((4 + 120) / 60);
    expect(minutes('eval-large-marta-none')).toBeCloseTo((4 + 87 * 10 ** 0.8) / 60);
  });

  it('is that of its like where one is done here, and of the rest in proportion', () => {
    const done = named('eval-small-marta-none');
    const took = 2 * (4 + 87);
    const costs = taskCosts(tasks, sizeOf, new Map([[done.id, took]]));
    const costOf = (words: string) => costs.get(named(words).id);
    expect(costOf('eval-small-jan-none')).toEqual({ minutes: took / 60, basis: 'measured here' });
    expect(costOf('train-small-marta-low')).toMatchObject({ basis: 'assumed' });
    expect(costOf('train-small-marta-low')!.minutes).toBeCloseTo(
      2 * minutes('train-small-marta-low'),
    );
  });
});
