import { describe, expect, it } from 'vitest';
import type { AdapterVersion } from '../../registry/version.ts';
import { itemsText, reinforcedText } from './reinforce-text.ts';

const look = (step: number, accuracy: number) => ({
  step,
  reward: accuracy - 0.01,
  accuracy,
  accuracyBy: { here: accuracy, left: 0.25 },
  entropy: 0.6,
  drift: step / 100,
});

const event = {
  kind: 'version',
  version: { id: '0123456789ab', bytes: 3 * 2 ** 20, form: 'chat' } as AdapterVersion,
  run: '/home/nell/.local/share/dramatis/runs/reinforce/run',
  before: look(0, 0.5),
  after: look(25, 0.75),
} as const;

describe('reinforcedText', () => {
  it('sets what the shadow said before beside what it says after, and how to measure the rest', () => {
    expect(reinforcedText(event, { model: 'tiny', tasks: ['stage'], playFold: 2 })).toBe(
      [
        'Version 0123456789ab (3.0 MiB); the run is in',
        '  /home/nell/.local/share/dramatis/runs/reinforce/run',
        'On questions never learned before   after',
        '  expected reward           0.490   0.740',
        '  accuracy                  0.500   0.750',
        '    of "here"               0.500   0.750',
        '    of "left"               0.250   0.250',
        '  drift without a page      0.000   0.250',
        '',
        'To measure it on plays that it never saw:',
        '  dramatis eval stage --canon --play-fold 2 --split all --model tiny --form chat --adapter 0123456789ab',
      ].join('\n'),
    );
  });

  it('says where nothing was gained', () => {
    const worse = { ...event, after: look(25, 0.45) };
    expect(reinforcedText(worse, { tasks: ['stage'], playFold: 0 })).toMatch(
      /no better there than/,
    );
  });

  it('has a dash for what was before a run that goes on from another process', () => {
    const text = reinforcedText({ ...event, before: undefined }, { tasks: ['stage'], playFold: 0 });
    expect(text).toMatch(/accuracy +– +0\.750\n/);
  });
});

describe('itemsText', () => {
  it('fits a line of a terminal, also for all plays', () => {
    const text = itemsText({
      kind: 'items',
      tasks: ['stage'],
      plays: 29,
      pages: 1234,
      questions: 12_345,
      tokens: 1_234_567,
      shadow: 3456,
      looked: 321,
    });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toMatch(/^stage in 29 plays: 12,345 questions/);
  });
});
