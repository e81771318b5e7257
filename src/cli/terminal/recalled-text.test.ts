import { describe, expect, it } from 'vitest';
import { knowingText, sourceText } from './recalled-text.ts';

const item = { kind: 'digest', text: '', score: 1 } as const;

describe('sourceText', () => {
  it('has the lines, and who told it where', () => {
    expect(sourceText({ ...item, place: '3.4.24', end: '3.4.33' })).toBe('3.4.24–33');
    expect(sourceText({ ...item, place: '1.1.4', end: '1.1.4' })).toBe('1.1.4');
    const told = { at: '4.1.8', by: 'Gertrude' };
    expect(sourceText({ ...item, place: '3.4.24', end: '3.4.33', told })).toBe(
      '3.4.24–33, told by Gertrude at 4.1.8',
    );
    expect(sourceText({ ...item, place: '1.2.1', end: '1.2.1', told: { at: '1.3.2' } })).toBe(
      '1.2.1, told at 1.3.2',
    );
  });
});

describe('knowingText', () => {
  it('has the verdict and its figures', () => {
    const known = { id: '1.1-9', score: 0.612 };
    const unknown = { id: '1.5-8', score: 0.934 };
    expect(knowingText({ isKnown: false, known, unknown, isStrange: false })).toBe(
      'Taken for unknown: the nearest fact known here fits it by 0.61 (1.1-9), the nearest not known here fits it by 0.93 (1.5-8).',
    );
    expect(knowingText({ isKnown: false, isStrange: true })).toBe(
      'Taken for unknown: the nearest fact known here is none, the nearest not known here is none, and a name in it is nowhere in the play.',
    );
  });
});
