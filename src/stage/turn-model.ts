import { readFileSync } from 'node:fs';
import { sha256 } from '../store/sha256.ts';
import { turnFeatures } from './turn-features.ts';

/** A conditional logit of who speaks next: a candidate's score is the sum of features times weights. */
export interface TurnModel {
  /** In the order of `turnFeatures`. */
  readonly weights: readonly number[];
  /** Weights of the same features where the choice is whom to speak to. */
  readonly addressWeights: readonly number[];
  /** How likely a scene is to end after a turn, where it may end by itself. */
  readonly silence: number;
}

type TurnModelFile = TurnModel & { readonly features: readonly string[] };

let shipped: TurnModel | undefined;

/** The model of data/turn-model.json, fitted on the plays' train scenes by .ci/turn-model.mjs. */
export function shippedTurnModel(): TurnModel {
  if (shipped) return shipped;
  const path = new URL('../../data/turn-model.json', import.meta.url);
  const { features, ...model } = JSON.parse(readFileSync(path, 'utf8')) as TurnModelFile;
  if (features.join() !== turnFeatures.join())
    throw new RangeError('data/turn-model.json is of other features: run .ci/turn-model.mjs');
  shipped = model;
  return shipped;
}

/** sha256 in hex of all that decides what a turn model chooses. */
export function turnModelHash({ weights, addressWeights, silence }: TurnModel): string {
  return sha256(JSON.stringify([turnFeatures, weights, addressWeights, silence]));
}

/** A candidate's score, in logits. */
export function scoreOf(weights: readonly number[], features: readonly number[]): number {
  return features.reduce((sum, feature, i) => sum + feature * weights[i]!, 0);
}
