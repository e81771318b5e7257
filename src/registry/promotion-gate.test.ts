import { describe, expect, it } from 'vitest';
import { figure, goodMetrics } from '../testing/models/tiny-adapter.ts';
import { type GateInput, type GateReport, promotionGate } from './promotion-gate.ts';

const norms = { attn_q: 2, ffn_up: 3 };
const data = 'd'.repeat(64);
const good: GateInput = { data, metrics: goodMetrics, norms };

/** Names of the checks that failed. */
const failed = ({ checks }: GateReport): string[] =>
  checks.filter(({ passes }) => !passes).map(({ name }) => name);
const judged = (change: Partial<typeof goodMetrics>, previous?: GateInput) =>
  failed(promotionGate({ data, norms, metrics: { ...goodMetrics, ...change } }, previous, []));

describe('The gate', () => {
  it('lets a version pass that gains, keeps its voice, forgets and recites little', () => {
    const report = promotionGate(good, good, []);
    expect(report.passes).toBe(true);
    expect(report.checks.map(({ name }) => name)).toEqual([
      'origin',
      'bits',
      'voice',
      'keep',
      'recite',
      'norms',
    ]);
  });

  describe('for a version that learned what is rewarded', () => {
    const reinforced = (
      change: Readonly<Record<string, GateInput['metrics'][string]>>,
      under?: GateInput['metrics'],
    ) => {
      const metrics = { ...goodMetrics, 'reward gain': figure(0.1, 0.02), ...change };
      const beneath = under && { metrics: under };
      return promotionGate({ data, norms, metrics, reinforced: { under: beneath } }, undefined, []);
    };

    it('wants what is rewarded to be better on what is held out, with its interval', () => {
      expect(failed(reinforced({}))).toEqual([]);
      expect(failed(reinforced({ 'reward gain': figure(0.1, 0.2) }))).toEqual(['reward']);
      const nothing = figure(Number.NaN);
      const { checks } = reinforced({ 'reward gain': nothing });
      expect(checks.find(({ name }) => name === 'reward')).toMatchObject({
        passes: false,
        lacks: 'reward gain',
      });
    });

    it('lets own speeches be no less likely than under what it lies on, whatever they gained', () => {
      expect(failed(reinforced({ 'bits gain': figure(-0.004) }))).toEqual([]);
      expect(failed(reinforced({ 'bits gain': figure(-0.006) }))).toEqual(['bits']);
      const under = { 'bits gain': figure(0.1) };
      expect(failed(reinforced({ 'bits gain': figure(0.096) }, under))).toEqual([]);
      expect(failed(reinforced({ 'bits gain': figure(0.09) }, under))).toEqual(['bits']);
      const [bits] = reinforced({}, {}).checks.filter(({ name }) => name === 'bits');
      expect(bits!.says).toBe('what it lies on was not measured');
    });
  });

  it('wants a reason for what was trained on rows that it has not seen', () => {
    const { passes, checks } = promotionGate({ ...good, data: '' }, undefined, []);
    expect(passes).toBe(false);
    expect(failed({ passes, checks })).toEqual(['origin']);
    expect(checks[0]!.says).toMatch(/^its training rows were not seen here/);
  });

  it('wants the gain above 0 with its interval', () => {
    expect(judged({ 'bits gain': { value: 0.02, low: 0, high: 0.04, n: 9 } })).toEqual(['bits']);
    expect(judged({ 'bits gain': { value: 0.02, low: 0.001, high: 0.04, n: 9 } })).toEqual([]);
    expect(judged({ 'bits gain': figure(-0.1) })).toEqual(['bits']);
  });

  it('wants the voice no worse than before, beyond chance', () => {
    const before: GateInput = { data, metrics: { 'voice AUC': figure(0.8, 0.02) }, norms };
    const voice = (value: number) => judged({ 'voice AUC': figure(value, 0.02) }, before);
    expect(voice(0.9)).toEqual([]);
    expect(voice(0.79)).toEqual([]);
    expect(voice(0.77)).toEqual(['voice']);
    expect(judged({ 'voice AUC': figure(0.3) })).toEqual([]); // nothing to compare with
    expect(judged({ 'voice AUC': figure(0.49) }, { data, metrics: {}, norms })).toEqual(['voice']);
  });

  it('lets prose get dearer by a hundredth and one passage of ten be recited, no more', () => {
    expect(judged({ 'keep change': figure(0.01) })).toEqual([]);
    expect(judged({ 'keep change': figure(0.0101) })).toEqual(['keep']);
    expect(judged({ 'keep change': figure(-0.2) })).toEqual([]);
    expect(judged({ recited: figure(0.1) })).toEqual([]);
    expect(judged({ recited: figure(0.11) })).toEqual(['recite']);
  });

  it('does not pass what was not measured, or is no number', () => {
    const { checks } = promotionGate({ data, metrics: {}, norms: {} }, undefined, []);
    expect(failed({ passes: false, checks })).toEqual(['bits', 'voice', 'keep', 'recite', 'norms']);
    expect(checks[1]!.says).toBe('"bits gain" was not measured');
    const blank = { value: Number.NaN, low: Number.NaN, high: Number.NaN, n: 0 };
    expect(judged({ 'keep change': blank })).toEqual(['keep']);
    expect(judged({ 'bits gain': JSON.parse(JSON.stringify(blank)) })).toEqual(['bits']);
  });

  it('holds norms to the band of eight versions like it, to a broad one before, and says which', () => {
    const fleet = [1.9, 1.95, 1.95, 2, 2, 2.05, 2.05, 2.1].map((attn_q) => ({ attn_q, ffn_up: 3 }));
    const check = (attn_q: number, like: typeof fleet) =>
      promotionGate({ data, metrics: goodMetrics, norms: { attn_q, ffn_up: 3 } }, undefined, like)
        .checks[5]!;
    // The median is 2, the median deviation 0.05: 2 ± (3 + 42 / 8) · 1.4826 · 0.05.
    expect(check(2.6, fleet)).toMatchObject({ passes: true });
    expect(check(2.62, fleet)).toMatchObject({
      passes: false,
      says: 'attn_q 2.62 is not in 1.39 to 2.61, by the band of 8 versions like it',
    });
    expect(check(2.62, fleet.slice(1))).toMatchObject({
      passes: true,
      says: expect.stringContaining('within the broad band'),
    });
    expect(check(0, [])).toMatchObject({ passes: false });
    expect(check(101, [])).toMatchObject({ passes: false });
  });

  it('rarely refuses one of a fleet of normal norms, however small the fleet', () => {
    const kinds = ['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down'];
    let state = 7;
    const uniform = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    // Twelve uniform numbers make a normal one, nearly.
    const normal = (): number =>
      Array.from({ length: 12 }, uniform).reduce((sum, x) => sum + x, -6);
    const version = () => Object.fromEntries(kinds.map((kind) => [kind, 5 + 0.5 * normal()]));
    const runs = 1000;
    for (const count of [8, 12, 20, 40]) {
      let refused = 0;
      for (let run = 0; run < runs; run++) {
        const fleet = Array.from({ length: count }, version);
        if (
          !promotionGate({ data, metrics: goodMetrics, norms: version() }, undefined, fleet).passes
        )
          refused++;
      }
      expect(refused / runs).toBeLessThan(0.035);
    }
  });
});
