import { describe, expect, it } from 'vitest';
import { anchorResult, armDifference, armResults, type MeasuredScene } from './scene-results.ts';

const bands = { ABA: { n: 9, mean: 0.5, sd: 0.1, low: 0.3, high: 0.8 } };
const scene = (situation: string, aba: number, more: object = {}): MeasuredScene => ({
  ...{ situation, end: 'turns' },
  figures: { ABA: aba, ...more },
});
const arm = (name: string, ...scenes: MeasuredScene[]) =>
  armResults({ arm: { name }, scenes }, bands);

describe('armResults', () => {
  it('averages the seeds of a situation first: two situations are two values, however many scenes', () => {
    const { figures, scenes } = arm(
      'a',
      ...[0.2, 0.4].map((aba) => scene('s', aba)),
      scene('t', 0.9),
    );
    expect(scenes).toBe(3);
    const [aba] = figures;
    expect(aba).toMatchObject({ measure: 'ABA', n: 2, standing: 'inside', band: [0.3, 0.8] });
    expect(aba!.value).toBeCloseTo(0.6, 9);
    expect(aba!.inside).toBeCloseTo(1 / 3, 9);
    // Student's t with one degree of freedom, cut where a share ends.
    expect([aba!.low, aba!.high]).toEqual([0, 1]);
  });

  it('counts how scenes ended, and leaves out what no scene tells', () => {
    const { ends, figures } = arm('a', scene('s', 0.2), { ...scene('t', 0.2), end: 'loop' });
    expect(ends).toEqual({ turns: 1, loop: 1 });
    expect(figures.map(({ measure }) => measure)).toEqual(['ABA']);
  });
});

describe('armDifference', () => {
  it('pairs by situation, leaves out what only one has, and corrects for how many measures are looked at', () => {
    const usual = arm(
      'usual',
      scene('s', 0.5, { questions: 0.1 }),
      scene('t', 0.6, { questions: 0.3 }),
    );
    const other = arm(
      'other',
      ...[scene('s', 0.4, { questions: 0.3 }), scene('t', 0.49, { questions: 0.5 }), scene('u', 0)],
    );
    const { measures, arm: name, against } = armDifference(other, usual);
    expect([name, against]).toEqual(['other', 'usual']);
    const [aba, questions] = measures;
    expect(aba).toMatchObject({ measure: 'ABA', n: 2 });
    expect(aba!.value).toBeCloseTo(-0.105, 9);
    expect(questions!.value).toBeCloseTo(0.2, 9);
    expect(aba!.pHolm).toBeGreaterThanOrEqual(aba!.p);
    expect(questions!.pHolm).toBeGreaterThanOrEqual(questions!.p);
  });
});

describe('anchorResult', () => {
  it('holds where the higher one is higher, and is none where they share nothing', () => {
    const [high, low] = [arm('h', scene('s', 0.8)), arm('l', scene('s', 0.2))];
    expect(anchorResult('ABA', high, low)).toMatchObject({ holds: true, higher: 'h', lower: 'l' });
    expect(anchorResult('ABA', low, high)).toMatchObject({ holds: false });
    expect(anchorResult('voice', high, low)).toBeUndefined();
  });
});
