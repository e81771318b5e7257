import { describe, expect, it } from 'vitest';
import type { AdapterVersion } from '../../registry/version.ts';
import { estimateText, rowsText, versionText } from './train-text.ts';

const rows = {
  kind: 'rows',
  title: 'Hamlet',
  character: 'OPHELIA',
  rows: 12,
  tokens: 4321,
  learned: 1234,
  devRows: 3,
  devScenes: undefined,
} as const;

describe('the rows of a run', () => {
  it('are counted in a line', () => {
    expect(rowsText(rows)).toBe('OPHELIA in Hamlet: 12 rows, 4,321 tokens, 1,234 of them learned');
  });

  it('say what stands in for dev scenes without the character, or that nothing does', () => {
    expect(rowsText({ ...rows, devScenes: ['1.3'] })).toContain(
      'OPHELIA says nothing in the dev scenes: scene 1.3 of the train scenes stands in.',
    );
    expect(rowsText({ ...rows, devRows: 0 })).toContain('there is no loss to tell its version by');
  });
});

describe('the end of a run', () => {
  const version = {
    id: '02dbfde61eb9',
    character: 'LADY MACBETH',
    play: 'macbeth',
    bytes: 2 ** 21,
  };
  const event = {
    kind: 'version',
    version: version as AdapterVersion,
    run: '/runs/one',
    devLoss: { before: 3.9, after: 3.4 },
    samples: [],
  } as const;

  it('shows the loss before and after, and how to talk with it, measure it and put it in use', () => {
    const text = versionText(event, { model: 'gemma3-270m' });
    expect(text).toContain('Loss on the dev scenes: 3.900 before training, 3.400 after');
    const [talk, measure, use] = text.split('\n').slice(-3);
    expect(talk).toMatch(
      /dramatis chat 'lady macbeth' --model gemma3-270m --adapter 02dbfde61eb9$/,
    );
    expect(measure).toContain(
      "eval bits voice keep --character 'lady macbeth' --model gemma3-270m",
    );
    expect(use).toMatch(/adapters promote 02dbfde61eb9 --results dev.json --measure$/);
  });

  it('breaks what was said between words, and no command', () => {
    const after = 'I am the lady of this castle and the king sleeps here tonight';
    const samples = [{ question: 'Who are you?', before: 'A lady.', after }];
    const lines = versionText({ ...event, samples }, {}, 40).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'Who are you?',
      '  before: A lady.',
      '  after:  I am the lady of this castle',
      'and the king sleeps here tonight',
    ]);
    expect(lines.some((line) => line.startsWith('Measure it:') && line.length > 40)).toBe(true);
  });

  it('proposes nothing where it was promoted already, and no talk with everybody', () => {
    expect(versionText(event, { promote: true })).not.toContain('dramatis ');
    const everybody = { ...event, version: { ...event.version, character: null } };
    const text = versionText(everybody, {});
    expect(text).not.toContain('dramatis chat');
    expect(text).toContain('eval bits voice keep --play macbeth');
  });
});

describe('an estimate', () => {
  it('is a time and what it comes from', () => {
    expect(estimateText({ kind: 'estimate', seconds: 630, tokensPerSecond: 54.6 })).toBe(
      'About 10 min 30 s, by the 55 tokens a second of the last run here.',
    );
  });
});
