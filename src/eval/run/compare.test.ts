import { describe, expect, it } from 'vitest';
import { DramatisError } from '../../errors.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Row } from '../../measure/row.ts';
import { normal, rowsOf } from '../../measure/statistics/metric.test.support.ts';
import { prng } from '../../measure/statistics/prng.ts';
import type { Results } from '../results.ts';
import type { Task } from '../task.ts';
import { type ComparableRun, compareRuns } from './compare.ts';

function taskOf(name: string, metrics: readonly Metric[], version = 1): Task {
  return {
    name,
    version,
    summary: 'Invented.',
    metrics,
    anchors: [],
    invariants: [],
    items: () => [],
    requests: () => [],
    measure: () => ({}),
  };
}

const gain: Metric = { name: 'gain', unit: 'nats', higherIsBetter: true };
const cost: Metric = { name: 'cost', unit: 'nats', higherIsBetter: false };
const middling: Metric = { name: 'length', unit: 'words', higherIsBetter: null };
const spread: Metric = {
  name: 'spread',
  unit: 'score',
  higherIsBetter: true,
  of: (rows) => Math.max(...rows.map((row) => row.values.gain!)),
};

/** Rows of eight scenes of six items whose values lie about `level`. */
function around(level: number, name = 'gain', scenes = 8): Row[] {
  const random = prng(level * 100);
  const values = () => Array.from({ length: 6 }, () => level + normal(random) / 10);
  return rowsOf(name, Array.from({ length: scenes }, values));
}

function run(tasks: readonly [Task, readonly Row[]][], changes: object = {}): ComparableRun {
  const results = {
    format: 'dramatis-bench',
    formatVersion: 1,
    play: { id: 'mill', title: 'The Mill', sha256: 'aa11' },
    character: 'ROLF',
    split: 'holdout',
    splitSha256: 'ee55',
    tasks: tasks.map(([{ name, version }]) => ({ task: name, version })),
    ...changes,
  } as unknown as Results;
  return { results, rows: Object.fromEntries(tasks.map(([{ name }, rows]) => [name, rows])) };
}

const bits = taskOf('bits', [gain, spread]);
const one = (level: number, changes = {}) => run([[bits, around(level)]], changes);

describe('compareRuns', () => {
  it('says that the second is better where it is, by how much, and in how many scenes', () => {
    const [task] = compareRuns(one(1), one(1.5), [bits]).tasks;
    const [first] = task!.metrics;
    expect(first).toMatchObject({ verdict: 'better', items: 48, scenes: 8, leastP: 1 / 128 });
    expect(first!.difference.value).toBeCloseTo(0.5, 1);
    expect(first!.first.value + first!.difference.value).toBeCloseTo(first!.second.value, 12);
  });

  it('minds which way is better', () => {
    const judge = (metric: Metric) => {
      const task = taskOf('bits', [metric]);
      const at = (level: number) => run([[task, around(level, metric.name)]]);
      return compareRuns(at(1), at(1.5), [task]).tasks[0]!.metrics[0]!.verdict;
    };
    expect([gain, cost, middling].map(judge)).toEqual(['better', 'worse', 'different']);
  });

  it('cannot tell a run from itself', () => {
    const metrics = compareRuns(one(1), one(1), [bits]).tasks[0]!.metrics;
    expect(metrics.map(({ verdict }) => verdict)).toEqual(['cannot tell', 'cannot tell']);
    expect(metrics[0]!.difference).toMatchObject({ value: 0, low: 0, high: 0, p: 1, pHolm: 1 });
  });

  it('asks more of each of many tasks than of one: with eight scenes, of fourteen too much', () => {
    const many = Array.from({ length: 14 }, (_, i) => taskOf(`task ${i}`, [gain, spread]));
    const at = (level: number) => run(many.map((task) => [task, around(level)]));
    const { tasks } = compareRuns(at(1), at(1.5), many);
    const [first, second] = tasks[0]!.metrics;
    expect(first!.difference.p).toBe(first!.leastP);
    expect(first!.difference.pHolm).toBeCloseTo(14 / 128, 12);
    expect(first!.verdict).toBe('cannot tell');
    expect(second!.difference.pHolm).toBe(second!.difference.p);
  });

  it('compares what both were asked, and names what only one was', () => {
    const [cue, next] = [taskOf('cue', [gain]), taskOf('next', [gain])];
    const first = run([
      [bits, around(1)],
      [cue, around(1)],
    ]);
    const second = run([
      [next, around(1)],
      [bits, around(1).slice(0, 30)],
    ]);
    const comparison = compareRuns(first, second, [bits, cue, next]);
    expect(comparison.tasks.map(({ task }) => task)).toEqual(['bits']);
    expect(comparison.tasks[0]!.metrics[0]!.items).toBe(30);
    expect(comparison).toMatchObject({ onlyFirst: ['cue'], onlySecond: ['next'] });
  });

  it('reads rows from a file, in which NaN is null', () => {
    const rows = around(1).map((row, i) =>
      i < 6 ? { ...row, values: { gain: Number.NaN } } : row,
    );
    const read = JSON.parse(JSON.stringify(rows)) as Row[];
    const task = taskOf('bits', [gain]);
    const metric = compareRuns(run([[task, read]]), run([[task, around(1)]]), [task]).tasks[0]!
      .metrics[0]!;
    expect(metric.items).toBe(42);
  });
});

describe('compareRuns refuses', () => {
  const refusal = (second: ComparableRun, tasks: readonly Task[] = [bits], first = one(1)) => {
    try {
      compareRuns(first, second, tasks);
    } catch (error) {
      if (error instanceof DramatisError) return `${error.code}: ${error.message}`;
      throw error;
    }
    return 'nothing';
  };

  it('another edition of the play, and names both hashes', () => {
    const other = one(1, { play: { id: 'mill', title: 'The Mill', sha256: 'bb22' } });
    expect(refusal(other)).toBe(
      'RESULTS_MISMATCH: the results are of different texts: mill with sha256 aa11, and mill with sha256 bb22',
    );
  });

  it('other parts of it', () => {
    expect(refusal(one(1, { splitSha256: 'ff66' }))).toContain('sha256 ee55 and ff66');
  });

  it('another version of the format', () => {
    expect(refusal(one(1, { formatVersion: 2 }))).toContain('versions 1 and 2 of the format');
  });

  it('another version of a task', () => {
    const newer = taskOf('bits', [gain], 2);
    expect(refusal(run([[newer, around(1)]]))).toContain('versions 1 and 2 of the task bits');
  });

  it('a version of a task that this program has not', () => {
    expect(refusal(one(1), [taskOf('bits', [gain], 3)])).toContain(
      'version 1 of the task bits, and this program has version 3',
    );
    expect(refusal(one(1), [])).toContain('this program has no such task');
  });

  it('results without one item in common', () => {
    const elsewhere = around(1).map((row) => ({
      ...row,
      item: { ...row.item, id: `other${row.item.id}` },
    }));
    const other = run([[bits, elsewhere]], { split: 'train' });
    expect(refusal(other)).toBe(
      'RESULTS_MISMATCH: the results have no item in common: mill, holdout, ROLF (bits) and mill, train, ROLF (bits)',
    );
    expect(refusal(run([]))).toContain('no item in common');
  });
});
