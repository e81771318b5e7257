import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClassCounts, FeatureIndex, logSumExp, trainNaiveBayes } from './naive-bayes.ts';

const texts = new Map([
  ['baker', ['the bread is in the oven', 'flour and salt and flour again']],
  ['sailor', ['the tide is high', 'salt water and a high wind over the bay']],
]);

/** Straight from the formula: P(c) ∏ (n_cf + μ n_f / N) / (N_c + μ), over features that anybody has. */
function slowPosterior(text: string): number[] {
  const features = (one: string): string[] => {
    const list = one.match(/[a-z]+/g) ?? [];
    const run = ` ${list.join(' ')} `;
    const grams = [...run].map((_, i) => run.slice(i, i + 4)).filter((gram) => gram.length === 4);
    return [...list.map((word) => `word ${word}`), ...grams.map((gram) => `gram ${gram}`)];
  };
  const of = (name: string): string[] => texts.get(name)!.flatMap(features);
  const all = [...texts.keys()].flatMap(of);
  const times = (list: readonly string[], one: string): number =>
    list.filter((other) => other === one).length;
  const joint = [...texts.keys()].map((name) =>
    features(text)
      .filter((one) => all.includes(one))
      .reduce((product, one) => {
        const prior = (2000 * times(all, one)) / all.length;
        return (product * (times(of(name), one) + prior)) / (of(name).length + 2000);
      }, 0.5),
  );
  const sum = joint.reduce((a, b) => a + b);
  return joint.map((value) => value / sum);
}

describe('trainNaiveBayes', () => {
  const model = trainNaiveBayes(texts);

  it('gives the posterior that the formula gives', () => {
    for (const text of ['salt', 'the high tide', 'flour', 'nothing known: qqqq']) {
      const found = [...model.logPosterior(text).values()].map(Math.exp);
      slowPosterior(text).forEach((value, i) => {
        expect(found[i], text).toBeCloseTo(value, 10);
      });
    }
  });

  it('knows who said what it was taught', () => {
    const { baker, sailor } = Object.fromEntries(model.logPosterior('bread and flour'));
    expect(baker).toBeGreaterThan(sailor!);
  });

  it('adds up to 1 for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const total = [...model.logPosterior(text).values()].reduce((a, b) => a + Math.exp(b), 0);
        expect(total).toBeCloseTo(1, 9);
      }),
    );
  });

  it('wants at least one class', () => {
    expect(() => trainNaiveBayes(new Map())).toThrow(RangeError);
  });
});

describe('ClassCounts', () => {
  it('forgets what is taken out again', () => {
    const text = fc
      .array(fc.nat(9), { minLength: 1, maxLength: 20 })
      .map((a) => Int32Array.from(a));
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 6 }), text, (kept, extra) => {
        const filled = (): ClassCounts => {
          const counts = new ClassCounts(2, 10);
          kept.forEach((one, i) => {
            counts.add(i % 2, one);
          });
          return counts;
        };
        const plain = filled();
        const changed = filled();
        changed.add(1, extra);
        changed.add(1, extra, -1);
        expect(changed.logLikelihoods(kept[0]!)).toEqual(plain.logLikelihoods(kept[0]!));
        expect(changed.logPriors()).toEqual(plain.logPriors());
      }),
    );
  });
});

describe('FeatureIndex', () => {
  it('numbers a feature once, and leaves out those it does not know', () => {
    const index = new FeatureIndex();
    const once = index.read('a mill');
    expect(index.read('a mill')).toEqual(once);
    expect(index.size).toBe(new Set(once).size);
    expect(index.known('oxen')).toHaveLength(0);
  });
});

describe('logSumExp', () => {
  it('neither overflows nor vanishes', () => {
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 9);
    expect(logSumExp([-2000, -2000])).toBeCloseTo(-2000 + Math.LN2, 9);
  });
});
