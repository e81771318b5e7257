import { describe, expect, it } from 'vitest';
import { turnMeaning } from './turn-meaning.ts';

const at = (speaker: string, degrees: number) => {
  const angle = (degrees * Math.PI) / 180;
  return { speaker, vector: Float32Array.of(Math.cos(angle), Math.sin(angle)) };
};

describe('turnMeaning', () => {
  it('finds who keeps to what is theirs: 1 where all do, below 0 where each says what the other did', () => {
    const kept = turnMeaning([at('ADA', 0), at('BEN', 90), at('ADA', 0), at('BEN', 90)]);
    expect(kept.consistency).toBeCloseTo(1, 6);
    const swapped = turnMeaning([at('ADA', 0), at('BEN', 90), at('ADA', 90), at('BEN', 0)]);
    expect(swapped.consistency).toBeCloseTo(-0.75, 6);
  });

  it('finds how far a conversation goes: nowhere where every turn means the same', () => {
    const still = turnMeaning([at('ADA', 0), at('BEN', 0), at('ADA', 0)]);
    expect([still.progression, still.step]).toEqual([0, 0]);
    const gone = turnMeaning([at('ADA', 0), at('BEN', 60), at('ADA', 120)]);
    expect(gone.step).toBeCloseTo(1, 6);
    expect(gone.progression).toBeCloseTo(Math.sqrt(3) / Math.log10(4), 6);
  });

  it('leaves out what one turn or one speaker cannot tell', () => {
    expect(turnMeaning([at('ADA', 0)])).toEqual({});
    expect(turnMeaning([at('ADA', 0), at('ADA', 90)])).not.toHaveProperty('consistency');
    expect(turnMeaning([])).toEqual({});
  });
});
