import { describe, expect, it } from 'vitest';
import type { Row } from '../../measure/row.ts';
import { summarise } from '../run/summarise.ts';
import { noUsage } from '../subject.ts';
import type { Task } from '../task.ts';
import { canonRows, canonTasks, type MeasuredPlay } from './canon-results.ts';

const lamp = (name: string): Task => ({
  name,
  version: 1,
  summary: 'Which of two',
  metrics: [{ name: 'right', unit: 'share', higherIsBetter: true, floor: 0.5, ceiling: 1 }],
  anchors: [],
  invariants: [],
  items: () => [],
  requests: () => [],
  measure: () => ({}),
});
const [first, second] = [lamp('first'), lamp('second')];

/** A play in which the subject has one of so many items more right than the base has. */
function played(play: string, task: Task, more: boolean): MeasuredPlay {
  const rowsOf = (rights: readonly number[]): Row[] =>
    rights.map((right, i) => {
      const place = `1.${1 + (i % 3)}.${i}`;
      const item = { id: `${play} ${i}`, task: task.name, scene: `1.${1 + (i % 3)}`, place };
      return { item, answers: [], values: { right } };
    });
  const base = [1, 0, 1, 0, 1, 0];
  const rows = new Map([
    ['subject', rowsOf(more ? [1, 1, 1, 0, 1, 0] : base)],
    ['base', rowsOf(base)],
  ]);
  const result = summarise(task, rows, noUsage);
  return { play, measured: [{ task, rows, result, seconds: 1, usage: noUsage }] };
}

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

describe('canonTasks', () => {
  it('takes the mean over plays, the signs of the plays, and corrects over the tasks', () => {
    const plays = ids.map((id): MeasuredPlay => {
      const one = played(id, first, true);
      return { ...one, measured: [...one.measured, ...played(id, second, id < 'e').measured] };
    });
    const [gained, half] = canonTasks([first, second], plays);
    const { rows, differences, pastFloor } = gained!.metrics[0]!;
    expect(gained!.items).toBe(48);
    expect(rows.subject).toMatchObject({ plays: 8, scenes: 24, n: 48 });
    expect(rows.subject!.value).toBeCloseTo(2 / 3, 12);
    expect(pastFloor).toMatchObject({ above: 8, below: 0, p: 2 / 256 });
    expect(differences.base).toMatchObject({ above: 8, below: 0, p: 2 / 256, pHolm: 4 / 256 });
    expect(half!.metrics[0]!.differences.base).toMatchObject({ above: 4, below: 0 });
  });

  it('leaves out a task that no play had items of', () => {
    expect(canonTasks([first, second], [played('a', first, true)]).map(({ task }) => task)).toEqual(
      ['first'],
    );
  });

  it('gives every row of every play its play', () => {
    const rows = [...canonRows([played('a', first, true), played('b', first, false)])];
    expect(rows).toHaveLength(24);
    expect(new Set(rows.map(({ play, row }) => `${play} ${row}`))).toEqual(
      new Set(['a subject', 'a base', 'b subject', 'b base']),
    );
  });
});
