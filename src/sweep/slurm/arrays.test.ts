import { describe, expect, it } from 'vitest';
import { planTasks } from '../plan-tasks.ts';
import type { Study } from '../study.ts';
import { arraysOf } from './arrays.ts';

const tasksOf = (study: Partial<Study>) =>
  planTasks(
    {
      ...{ path: '/a/study.json', text: '' },
      study: {
        ...{ models: ['small'], characters: ['marta'], recipes: { low: { rank: 4 } } },
        ...{ tasks: ['bits'], ...study },
      },
    },
    [],
    'd 1',
  );
const usual = { pack: 0, most: 1000 };
const shown = (...of: Parameters<typeof arraysOf>) =>
  arraysOf(...of).map(({ name, packs, after }) => ({ name, packs, after }));

describe('The job arrays of a sweep', () => {
  it('hold each evaluation back until the training of the same place has ended', () => {
    expect(shown(tasksOf({ seeds: [1, 2, 3], tasks: ['bits', 'cue'] }), usual)).toEqual([
      { name: 'train', packs: [[0], [1], [2]], after: [] },
      {
        name: 'eval',
        packs: [
          [3, 4],
          [5, 6],
          [7, 8],
        ],
        after: [0],
      },
    ]);
  });

  it('are one for each fold, and the evaluation comes after all five', () => {
    const arrays = shown(tasksOf({ seeds: [1, 2], folds: 5 }), usual);
    expect(arrays.map(({ packs }) => packs)).toEqual([
      ...[
        [[0], [5]],
        [[1], [6]],
        [[2], [7]],
        [[3], [8]],
        [[4], [9]],
        [[10], [11]],
      ],
    ]);
    expect(arrays.at(-1)!.after).toEqual([0, 1, 2, 3, 4]);
  });

  it('hold what is asked of a training that characters share back until it has ended', () => {
    const reinforced = { reinforce: 'stage', plays: 'c,d' };
    const study = { characters: ['marta', 'jan'], tasks: ['bits', 'cue'] };
    const tasks = tasksOf({ ...study, recipes: { low: { rank: 4 }, reinforced } });
    expect(
      arraysOf(tasks, usual).map(({ packs, after, isAfterAll }) => [packs, after, isAfterAll]),
    ).toEqual([
      [[[1]], [], false],
      [[[5], [6], [9], [10]], [0], true],
      [[[0], [2]], [], false],
      [
        [
          [3, 4],
          [7, 8],
        ],
        [2],
        false,
      ],
    ]);
  });

  it('have no more jobs than the site allows', () => {
    const arrays = shown(tasksOf({ seeds: [1, 2, 3] }), { pack: 0, most: 2 });
    expect(arrays).toEqual([
      { name: 'train', packs: [[0], [1]], after: [] },
      { name: 'eval', packs: [[3], [4]], after: [0] },
      { name: 'train', packs: [[2]], after: [] },
      { name: 'eval', packs: [[5]], after: [2] },
    ]);
  });

  it('put short tasks together that wait for nothing, and have time for all of them', () => {
    const study = { recipes: { none: null }, tasks: ['bits', 'cue', 'voice'] };
    const tasks = tasksOf({ ...study, resources: { eval: { minutes: 10 } } });
    expect(shown(tasks, usual).map(({ packs }) => packs)).toEqual([[[0], [1], [2]]]);
    const [packed] = arraysOf(tasks, { pack: 20, most: 1000 });
    expect(packed!.packs).toEqual([[0, 1], [2]]);
    expect(packed!.resources.minutes).toBe(20);
  });

  it('are of what is left: a training whose evaluations are done waits for nobody', () => {
    const tasks = tasksOf({ seeds: [1, 2] });
    expect(shown([tasks[0]!, tasks[1]!, tasks[2]!], usual)).toEqual([
      { name: 'train', packs: [[0]], after: [] },
      { name: 'eval', packs: [[2]], after: [0] },
      { name: 'train', packs: [[1]], after: [] },
    ]);
    expect(shown([tasks[3]!], usual)).toEqual([{ name: 'eval', packs: [[3]], after: [] }]);
  });
});
