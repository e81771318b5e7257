import { describe, expect, it } from 'vitest';
import { scriptLines } from './script-lines.ts';

const script = [
  { speaker: 'ADA', text: 'One.' },
  { speaker: 'BEN', text: 'Two.' },
  { speaker: 'ADA and BEN', text: 'Three.' },
];

describe('scriptLines', () => {
  it('gives each part its lines, and the order of all', () => {
    const lines = scriptLines(script, ['ADA', 'BEN', 'CLEO']);
    expect(lines.order).toEqual(['ADA', 'BEN', 'ADA']);
    expect([...lines.lines]).toEqual([
      ['ADA', ['One.', 'Three.']],
      ['BEN', ['Two.']],
    ]);
  });

  it('takes whoever speaks in it where nobody is named', () => {
    expect([...scriptLines(script).lines.keys()]).toEqual(['ADA', 'BEN']);
  });

  it('refuses turns of somebody who is not on the stage, and a script of nothing', () => {
    expect(() => scriptLines(script, ['ADA', 'CLEO'])).toThrow(/turns of BEN, not on this stage/);
    expect(() => scriptLines([])).toThrow(/no turns/);
  });
});
