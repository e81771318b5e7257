import type { Voice } from '../actor/voice.ts';
import type { LabelScorer } from './policies/chooser.ts';

/** Tokens kept free for the longest label. */
const labelRoom = 32;

/**
 * Labels scored in full by a model, on the page of the turns so far and on an empty one: "LADY MACBETH" and "LADY MACDUFF"
 * begin with the same token. The page is read once more for it, as no speaker reads it: with no persona, every turn.
 *
 * @param voice Nobody's: opened without a speaker, in form "script".
 */
export function labelScorer(voice: Pick<Voice, 'render' | 'score'>): LabelScorer {
  const natsOf = async (
    turns: readonly { readonly speaker: string; readonly text: string }[],
    labels: readonly string[],
    signal?: AbortSignal,
  ): Promise<number[]> => {
    const { scores } = await voice.score(voice.render({ turns }, labelRoom), labels, signal);
    return scores.map((tokens) => tokens.reduce((sum, nats) => sum + nats, 0));
  };
  return async ({ turns }, candidates, signal) => {
    const page = turns.map(({ who, text }) => ({ speaker: who, text }));
    const after = await natsOf(page, candidates, signal);
    const alone = await natsOf([], candidates, signal);
    return after.map((nats, i) => nats - alone[i]!);
  };
}
