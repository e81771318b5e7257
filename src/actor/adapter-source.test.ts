import { describe, expect, it } from 'vitest';
import { adaptersText, always } from './adapter-source.ts';

describe('adaptersText', () => {
  it('names what is on top first', () => {
    const names = [
      { id: '0c11a2b3c4d5', scale: 1 },
      { id: '3f9ac0d1be52', scale: 1 },
    ];
    expect(adaptersText(names)).toBe('3f9ac0d1be52 on 0c11a2b3c4d5');
  });

  it('names a strength that is not the usual one', () => {
    expect(adaptersText([{ id: '3f9ac0d1be52', scale: 0.5 }])).toBe('3f9ac0d1be52 × 0.5');
  });

  it('has words for nothing', () => {
    expect(adaptersText([])).toBe('the model alone');
  });
});

describe('always', () => {
  it('gives the same object at each look, so that nothing seems to have changed', async () => {
    const source = always([]);
    expect(await source.current()).toBe(await source.current());
  });
});
