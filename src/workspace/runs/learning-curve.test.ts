import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { curveOf, readCurve, writeCurve } from './learning-curve.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-curve-'));
afterAll(() => rmSync(folder, { recursive: true }));

const went = { epoch: 0, rate: 1e-4, norm: 1, tokens: 9, learned: 3, seconds: 5 };
const step = (number: number, loss: number | null) =>
  ({ kind: 'step', step: number, loss, ...went }) as const;
const dev = (number: number, nll: number) =>
  ({ kind: 'dev', step: number, nll, isBest: true }) as const;

describe('curveOf', () => {
  it('has the loss of each step and look, the last where a step was taken again, and what was kept', () => {
    const events = [
      ...[dev(0, 4), step(1, 3.5), step(2, 3.4), step(3, null), dev(2, 3.8)],
      ...[step(2, 3.3), dev(2, 3.7), step(3, null)],
      { kind: 'end', why: 'early', best: { step: 2, nll: 3.7 } } as const,
    ];
    expect(curveOf(events, 12)).toMatchObject({
      ...{ measure: 'loss', asked: 12, kept: 2, end: 'early' },
      learned: [
        { step: 1, value: 3.5 },
        { step: 2, value: 3.3 },
      ],
      heldOut: [
        { step: 0, value: 4 },
        { step: 2, value: 3.7 },
      ],
    });
    // Two runs of one training give the same bytes, however long they took.
    const slower = events.map((event) => ({ ...event, seconds: 99 }));
    expect(curveOf(slower, 12)).toEqual(curveOf(events, 12));
  });

  it('has the reward of a run that learns from rewards', () => {
    const figures = { accuracy: 0.6, entropy: 0.4 };
    const curve = curveOf(
      [
        { kind: 'step', step: 1, reward: 0.5, ...figures, ...went },
        { kind: 'look', step: 1, reward: 0.55, ...figures, accuracyBy: {}, drift: 0, isBest: true },
        { kind: 'end', why: 'done', best: undefined },
      ],
      8,
    );
    expect(curve).toMatchObject({ measure: 'reward', kept: null, end: 'done' });
    expect(curve.learned).toEqual([{ step: 1, value: 0.5 }]);
    expect(curve.heldOut).toEqual([{ step: 1, value: 0.55 }]);
  });
});

describe('A file of a curve', () => {
  it('is read as it was written, and not written where none is named', async () => {
    const path = join(folder, 'a.curve.json');
    const curve = curveOf([dev(0, 4), step(1, 3.5)], 3);
    await writeCurve(path, async () => curve);
    expect(await readCurve(path)).toEqual(curve);
    await writeCurve(undefined, () => Promise.reject(new Error('it was asked for')));
  });

  it('is refused if it is something else', async () => {
    const path = join(folder, 'other.json');
    for (const text of ['', '{"format":"dramatis-curve","formatVersion":2}', 'null']) {
      writeFileSync(path, text);
      await expect(readCurve(path)).rejects.toMatchObject({ code: 'RESULTS_MISMATCH' });
    }
  });
});
