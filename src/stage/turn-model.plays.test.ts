import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitHash } from '../corpus/splits/split-hash.ts';
import { softmax } from '../measure/statistics/softmax.ts';
import type { Play } from '../play/play.ts';
import { realPlayIds, realPlays } from '../testing/real-plays.ts';
import { addressRows } from './address-rows.ts';
import { fitTurnModel } from './fit-turn-model.ts';
import { turnFeatures } from './turn-features.ts';
import { scoreOf, shippedTurnModel, turnModelHash } from './turn-model.ts';
import { turnRows } from './turn-rows.ts';

const plays = await realPlays();
const path = new URL('../../data/turn-model.json', import.meta.url);
const file = JSON.parse(readFileSync(path, 'utf8'));
const rowsOf = <T extends { scene: string }>(part: string, rows: (play: Play) => T[]): T[] =>
  realPlayIds.flatMap((id) => {
    const { play, split } = plays.get(id)!;
    return rows(play).filter(({ scene }) => split.partOf(scene) === part);
  });
const rounded = (weights: readonly number[]): number[] =>
  weights.map((weight) => Number(weight.toFixed(4)));

describe('data/turn-model.json', () => {
  it('is what the train scenes give: else run .ci/turn-model.mjs', () => {
    expect(file.plays).toEqual(
      realPlayIds.map((id) => {
        const { play, sha256, split } = plays.get(id)!;
        return { id, sha256, split: splitHash(play, split) };
      }),
    );
    expect(rounded(fitTurnModel(rowsOf('train', turnRows)))).toEqual(file.weights);
    expect(rounded(fitTurnModel(rowsOf('train', addressRows)))).toEqual(file.addressWeights);
    expect(file.hash).toBe(turnModelHash(shippedTurnModel()));
    expect(file.features).toEqual(turnFeatures);
  });

  it('finds held-out turns likelier than lots do, and as likely as it says', () => {
    const rows = rowsOf('holdout', turnRows);
    const nats = rows.map(({ features, chosen }) => {
      const odds = softmax(features.map((row) => scoreOf(shippedTurnModel().weights, row)));
      return -Math.log(odds[chosen]!);
    });
    const mean = nats.reduce((sum, one) => sum + one, 0) / nats.length;
    const kept = file.checked.holdout.all;
    expect([rows.length, Number(mean.toFixed(4))]).toEqual([kept.choices, kept.nats['turn model']]);
    expect(mean).toBeLessThan(kept.nats.aba);
    expect(kept.nats.aba).toBeLessThan(kept.nats.even);
  });
});
