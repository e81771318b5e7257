import { describe, expect, it } from 'vitest';
import { sweepStatus } from '../../sweep/sweep-status.ts';
import { PretendSweep } from '../../testing/pretend-sweep.ts';
import { costText, leftText, studyPowerText } from './study-text.ts';

describe('The cost of a study', () => {
  it('is a line a task and their sum, with what is assumed, in eighty columns', async () => {
    using pretend = new PretendSweep();
    const sweep = await pretend.plan({ recipes: { none: null }, tasks: ['bits', 'cue'] });
    const [bits, cue] = sweep.manifest.tasks;
    const costs = new Map([
      [bits!.id, { minutes: 2.34, basis: 'measured here' as const }],
      [cue!.id, { minutes: 0.5, basis: 'assumed' as const }],
    ]);
    const lines = costText(sweep, costs).split('\n');
    expect(lines[1]).toMatch(/^eval-small-marta-none-off-bits +2\.3 measured here$/);
    expect(lines[3]).toMatch(/^2 tasks, one after another +2\.8$/);
    expect(lines[4]).toMatch(/^Assumed: the rates of SmolLM2-135M/);
    expect(lines.every(({ length }) => length <= 80)).toBe(true);
    expect(leftText(await sweepStatus(sweep), costs)).toBe(
      'Some 3 minutes are left, one task after another.',
    );
  });
});

describe('What a study could show', () => {
  it('is a line a task and model, with the least difference or none', () => {
    const asked = { characters: 2, scenes: 7, items: 40 };
    const lines = studyPowerText([
      { ...asked, task: 'know', model: '/models/small.gguf', least: 0.1354 },
      { ...asked, task: 'who', model: 'large', least: Number.NaN },
      { ...asked, task: 'stage', model: 'large', least: 1.2 },
    ]).split('\n');
    expect(lines[1]).toMatch(/^know +small.gguf +2 +7 +40 +0\.135$/);
    expect(lines[2]).toMatch(/^who +large +2 +7 +40 +none$/);
    expect(lines[3]).toMatch(/none$/);
    expect(lines[4]).toMatch(/^The least difference between two recipes of a model/);
    expect(lines.every(({ length }) => length <= 80)).toBe(true);
  });
});
