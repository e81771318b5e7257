import { describe, expect, it } from 'vitest';
import type { ModelInfo } from '../../engine/model.ts';
import { directionsOf, layersOf } from './control-vector.ts';

/** A model whose hidden states are the tokens, times the number of the layer. */
function echo(calls: number[] = []) {
  return {
    info: { layers: 5, width: 2 } as ModelInfo,
    stepTokens: 8,
    async hiddenSums(texts: readonly Int32Array[], from: number): Promise<Float64Array> {
      calls.push(texts.reduce((sum, text) => sum + text.length, 0));
      const counted = texts.flatMap((text) => [...text.subarray(from)]);
      const sum = counted.reduce((total, token) => total + token, 0);
      return Float64Array.from({ length: 8 }, (_, i) => sum * (1 + (i >> 1)) * (i % 2 ? -1 : 1));
    },
  };
}
const rows = (...texts: readonly (readonly number[])[]) => texts.map((one) => Int32Array.from(one));

describe('Directions', () => {
  it('lead from the mean of the others to the mean of the character, shared among the layers', async () => {
    const own = rows([900, 4, 6], [900, 2]);
    const others = rows([900, 1], [900, 1]);
    const found = await directionsOf(echo(), own, others, [1, 3]);
    // The first token of each text is not counted: means are 4 and 1.
    expect([...found]).toEqual([
      [1, Float32Array.of(3, -3)],
      [3, Float32Array.of(6, -6)],
    ]);
  });

  it('are nothing where both are the same', async () => {
    const same = rows([9, 1, 2]);
    const found = await directionsOf(echo(), same, same, [2]);
    expect([...found.get(2)!]).toEqual([0, 0]);
  });

  it('are read in steps that the model takes', async () => {
    const calls: number[] = [];
    const texts = rows([1, 2, 3, 4, 5], [1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const told: number[] = [];
    await directionsOf(echo(calls), texts, rows([1, 2]), [1], undefined, (x) => told.push(x));
    expect(calls).toEqual([8, 4, 8, 2]);
    expect(told).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it('are of the middle layers', () => {
    expect(layersOf(30)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(layersOf(3)).toEqual([1]);
    expect(layersOf(2)).toEqual([0]);
    expect(layersOf(1)).toEqual([]);
  });
});
