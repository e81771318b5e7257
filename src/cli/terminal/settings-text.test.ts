import { describe, expect, it } from 'vitest';
import { damagedSettings, settingsText } from './settings-text.ts';

describe('settingsText', () => {
  it('names the model, the kernels of each processor, and each rate', () => {
    const rate = {
      ...({ what: 'training', file: 'tiny.gguf', bytes: 9, processor: 'Xeon' } as const),
      kernels: 'bf16 avx512bf16, 2 threads',
      tokensPerSecond: 512.3,
      date: '2026-11-29T20:00:00.000Z',
    };
    const trainer = {
      Xeon: { chosen: { kernels: 'avx512bf16', precision: 'bf16' } },
      Zen: { kernels: 'avx2' },
    };
    expect(settingsText('/s.json', { model: 'gemma3-270m', rates: [rate], trainer })).toBe(
      [
        'kept in   /s.json',
        'model     gemma3-270m',
        'kernels   avx512bf16 (bf16) chosen by the engine on Xeon',
        'kernels   avx2 wanted on Zen',
        'rate      training 512 tokens/s  tiny.gguf, bf16 avx512bf16, 2 threads, 2026-11-29',
      ].join('\n'),
    );
    expect(settingsText('/s.json', {})).toContain('none chosen');
  });
});

describe('damagedSettings', () => {
  it('says what counts instead, and what to do', () => {
    const damage = { path: '/s.json', fault: 'it is empty', instead: 'nothing' } as const;
    expect(damagedSettings(damage)).toMatch(
      /^\/s\.json is damaged: it is empty\. So there are none/,
    );
    expect(damagedSettings({ ...damage, instead: 'previous' })).toContain('before the last change');
  });
});
