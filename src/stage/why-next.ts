import type { NextEvent } from './events.ts';
import { turnFeatures } from './turn-features.ts';
import { shippedTurnModel, turnModelHash } from './turn-model.ts';

/** Why one of the candidates was as likely to speak as it was. */
export interface WhyNext {
  /** Cast name. */
  readonly name: string;
  readonly probability: number;
  readonly isChosen: boolean;
  /** What each feature adds to the score, in logits, the largest first; those that add nothing are left out. */
  readonly parts: readonly { readonly feature: string; readonly logits: number }[];
}

/** Less than this, in logits, moves nobody. */
const negligible = 0.05;

/**
 * Why a speaker was chosen, the likeliest candidate first: what each feature of the turn model adds against the mean of the
 * candidates, and what a nudge does. There are no parts where another policy chose, or another turn model than ours.
 *
 * @param turnModel Hash of the turn model that the scene was opened with.
 */
export function whyNext(event: NextEvent, turnModel: string | undefined): WhyNext[] {
  const { candidates, probabilities, chosen } = event;
  const isOurs = turnModel === turnModelHash(shippedTurnModel());
  const rows = isOurs ? logitsOf(event) : [];
  return candidates
    .map((name, i) => ({
      name,
      probability: probabilities[i]!,
      isChosen: name === chosen,
      parts: rows
        .map(({ feature, logits }) => ({ feature, logits: logits[i]! - mean(logits) }))
        .filter(({ logits }) => Math.abs(logits) >= negligible)
        .sort((a, b) => Math.abs(b.logits) - Math.abs(a.logits)),
    }))
    .sort((a, b) => b.probability - a.probability);
}

/** By feature: what it adds to the score of each candidate. */
function logitsOf({ by, features, scores }: NextEvent) {
  if ((by !== 'turn-model' && by !== 'silence') || !features || !scores) return [];
  const { weights } = shippedTurnModel();
  const parts = turnFeatures.map((feature, i) => ({
    feature: feature as string,
    logits: features.map((row) => row[i]! * weights[i]!),
  }));
  const nudges = scores.map(
    (score, k) => score - parts.reduce((sum, { logits }) => sum + logits[k]!, 0),
  );
  return [...parts, { feature: 'nudge', logits: nudges }];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
