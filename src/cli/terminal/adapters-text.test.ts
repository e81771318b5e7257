import { describe, expect, it } from 'vitest';
import { promotionGate } from '../../registry/promotion-gate.ts';
import type { AdapterVersion } from '../../registry/version.ts';
import { recipeFrom } from '../../train/recipe-from.ts';
import { gateText, showText } from './adapters-text.ts';

const figure = { value: 0.5, low: 0.4, high: 0.6, n: 12 };
const report = promotionGate(
  { data: 'd'.repeat(64), metrics: { 'keep change': figure }, norms: { attn_q: 1 } },
  undefined,
  [],
);

describe('What the gate says', () => {
  it('is "open" for what nobody has measured, and FAILS only for what was', () => {
    const lines = gateText(report).split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^passes {2}origin/));
    expect(lines).toContainEqual(expect.stringMatching(/^open {4}bits .*was not measured/));
    expect(lines).toContainEqual(expect.stringMatching(/^FAILS {3}keep .*at most 0.01/));
  });
});

describe('A version', () => {
  it("shows its recipe a setting a line, under the names of train's options", () => {
    const recipe = {
      ...JSON.parse(JSON.stringify(recipeFrom({ layers: [20, 29] }, 'chat'))),
      fold: 2,
    };
    const version = {
      id: '3f9ac0d1be52',
      sha256: 'a'.repeat(64),
      character: 'HAMLET',
      play: 'hamlet',
      edition: 'e'.repeat(64),
      base: { name: 'tiny', sha256: 'b'.repeat(64) },
      form: 'chat',
      templateVersion: 1,
      layer: 'character',
      scope: 'context',
      rank: 16,
      alpha: 32,
      bytes: 100,
      data: '',
      date: '2026-01-01',
      by: 'a test',
      norms: {},
      metrics: {},
      recipe,
    } as unknown as AdapterVersion;
    const text = showText({ version, metrics: {}, gate: report, events: [] });
    for (const line of ['--lr 0.0003', '--batch 1024', '--rank 16', '--layers 20-29', '--fold 2'])
      expect(text).toMatch(new RegExp(` ${line}$`, 'm'));
    expect(text).toMatch(/ --matrices attn_q, attn_k/);
    expect(text).not.toMatch(/[{}]/);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const plays = ['macbeth', 'othello'];
    const reinforced = { ...version, kind: 'reinforced', plays } as const;
    const shown = showText({ version: reinforced, metrics: {}, gate: report, events: [] });
    expect(shown).toMatch(/kind +reinforced\n *plays +macbeth, othello/);
    expect(text).not.toContain('reinforced');
  });
});
