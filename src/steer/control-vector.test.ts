import { describe, expect, it } from 'vitest';
import { controlVector, type HiddenMeans } from './control-vector.ts';

/** An engine whose hidden states are the tokens, scaled by the layer. */
const engine: HiddenMeans = {
  async hiddenMeans(_, texts, layers) {
    const mean = (at: number): number =>
      texts.reduce((sum, text) => sum + text[at]!, 0) / texts.length;
    return layers.map((layer) => Float32Array.of(mean(0) * (layer + 1), mean(1)));
  },
};
const rows = (...texts: readonly (readonly number[])[]) => texts.map((one) => Int32Array.from(one));

describe('A control vector', () => {
  it('points from the mean of the others to the mean of the character, at length 1, in each layer', async () => {
    const lines = { own: rows([4, 5], [2, 3]), others: rows([0, 0]) };
    const { directions } = await controlVector(engine, new Int32Array(), lines, [0, 3]);
    expect([...directions.keys()]).toEqual([0, 3]);
    expect(directions.get(0)![0]).toBeCloseTo(3 / 5);
    expect(directions.get(0)![1]).toBeCloseTo(4 / 5);
    expect(Math.hypot(...directions.get(3)!)).toBeCloseTo(1);
  });

  it('is nothing where the two are the same', async () => {
    const same = rows([1, 2]);
    const found = await controlVector(engine, new Int32Array(), { own: same, others: same }, [0]);
    expect([...found.directions.get(0)!]).toEqual([0, 0]);
  });
});
