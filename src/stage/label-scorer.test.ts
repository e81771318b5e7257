import { describe, expect, it } from 'vitest';
import type { VoiceContext, VoicePrompt } from '../actor/voice-options.ts';
import { labelScorer } from './label-scorer.ts';

/** A voice to which a label is the likelier the oftener the page has it, and the less likely the longer it is. */
const voice = {
  render: ({ turns }: VoiceContext): VoicePrompt => ({
    tokens: new Int32Array(),
    prefixLength: 0,
    turnFrom: undefined,
    stop: [],
    dropped: 0,
    continuation: () => new Int32Array(),
    turns,
    conversation: turns,
  }),
  score: async ({ turns }: VoicePrompt, labels: readonly string[]) => ({
    scores: labels.map((label) => {
      const said = turns.filter(({ speaker }) => speaker === label).length;
      return Float32Array.from(label.split(' '), () => -2).with(0, said - 2);
    }),
    evaluated: 0,
  }),
};

describe('labelScorer', () => {
  it('counts what the page adds to each label, whole, and not how likely it is in itself', async () => {
    const turns = ['MACDUFF', 'LADY MACBETH', 'MACDUFF'].map((who) => ({ who, text: 'Ho!' }));
    const context = { turns, onStage: [], entered: new Map(), nudges: new Map(), seed: 1, turn: 3 };
    const gains = labelScorer(voice)(context, ['LADY MACBETH', 'LADY MACDUFF', 'MACDUFF']);
    expect(await gains).toEqual([1, 0, 2]);
  });
});
