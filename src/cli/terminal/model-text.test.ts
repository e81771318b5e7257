import { describe, expect, it } from 'vitest';
import { findEntry, models } from '../../hub/catalogue.ts';
import type { ModelChoice } from '../../hub/choose-model.ts';
import { betterModelText, inUseText, rateText } from './model-text.ts';

const entry = findEntry(models(), 'qwen2.5-coder-1.5b')!;
const date = '2026-01-01T00:00:00.000Z';
const measured = { tokensPerSecond: 9.44, estimatedFrom: undefined, date };
const estimated = { tokensPerSecond: 11.4, estimatedFrom: 'small.gguf', date };

describe('rateText', () => {
  it('tells what was measured from what is estimated and what is not known', () => {
    expect(rateText(measured)).toBe('9.4 tokens/s measured');
    expect(rateText(estimated)).toBe('about 11 tokens/s, estimated from small.gguf');
    expect(rateText(undefined)).toBe('speed not measured yet');
  });
});

describe('inUseText', () => {
  const chosen = (reason: ModelChoice['reason']) =>
    inUseText({
      name: entry.id,
      from: 'choice',
      choice: { entry, reason, rate: measured, isOnTrial: false, better: undefined },
    });

  it('says who named the model, or why it was chosen', () => {
    expect(inUseText({ name: 'm.gguf', from: 'settings' })).toBe('m.gguf, as "dramatis use" chose');
    expect(inUseText({ name: 'm.gguf', from: 'environment' })).toContain('DRAMATIS_MODEL');
    expect(chosen('none-here')).toContain('since none is here');
    expect(chosen('best-here')).toBe(
      'qwen2.5-coder-1.5b, the best of those here that is fast enough (9.4 tokens/s measured; 8 are wanted)',
    );
    expect(chosen('least-slow')).toContain('the fastest of those here');
  });
});

describe('betterModelText', () => {
  it('says what it costs to fetch the model, what it brings, and how', () => {
    const model = { entry, isHere: false, fits: true, rate: estimated };
    expect(betterModelText(model)).toBe(
      'qwen2.5-coder-1.5b knows more and fits this machine (1.1 GB, some 11 tokens/s): "dramatis pull qwen2.5-coder-1.5b" fetches it, and it is used from then on.',
    );
  });
});
