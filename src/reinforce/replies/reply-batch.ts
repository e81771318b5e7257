import type { TrainBatch } from '../../engine/trainer.ts';
import { BatchWriter } from '../../train/batch-writer.ts';
import type { Rollout } from './rollouts.ts';

/**
 * The tokens of replies for the trainer: every prompt once, as what is frozen reads it, then each reply on top of its own. Ids
 * are those that were drawn: text would give others.
 *
 * @param weights What −log p of each token of a reply counts, by reply; 1 unless given.
 */
export function replyBatch(rollouts: readonly Rollout[], weights?: readonly number[]): TrainBatch {
  const writer = new BatchWriter();
  const prompts = new Map<Rollout['question'], number>();
  for (const { question } of rollouts) {
    if (prompts.has(question)) continue;
    const at = writer.length;
    prompts.set(question, at);
    for (let i = 0; i < question.turnFrom; i++) writer.add(question.tokens[i]!, i, at, [0, 0]);
  }
  const transcript = writer.length;
  for (const { question, tokens } of rollouts) {
    const at = prompts.get(question)!;
    const { turnFrom } = question;
    const opening = question.tokens.subarray(turnFrom);
    const first = writer.length;
    const turn = [...opening, ...tokens];
    // The last token is predicted, and predicts nothing.
    for (const [i, token] of turn.slice(0, -1).entries()) {
      if (i + 1 >= opening.length) writer.teach(turn[i + 1]!, 1);
      writer.add(token, turnFrom + i, first, [at, at + turnFrom]);
    }
  }
  const batch = writer.done(transcript, 1);
  const each = rollouts.flatMap(({ tokens }, i) =>
    Array<number>(tokens.length).fill(weights ? weights[i]! : 1),
  );
  return {
    ...batch,
    weights: Float32Array.from(each),
    plain: new Uint8Array(each.length).fill(1),
  };
}

/** Sums of one number a token over each reply, in their order. */
export function sumsOf(
  rollouts: readonly Pick<Rollout, 'tokens'>[],
  values: Float32Array,
): number[] {
  let from = 0;
  return rollouts.map(({ tokens }) => {
    const own = values.subarray(from, from + tokens.length);
    from += tokens.length;
    return own.reduce((sum, value) => sum + value, 0);
  });
}
