import { DramatisError } from '../../errors.ts';
import type { PromptModel } from '../../prompt/prompt.ts';
import { lossWeightOf, type RowParts, type SceneRow, sceneRow } from '../../prompt/scene-row.ts';

/**
 * A row as sequences that fit a window: itself, if it does.
 *
 * A longer one is divided between two answers, again and again: every answer is learnt once, and each part begins with
 * the answer before it as context. A part with one answer loses its oldest turns, then what is recalled. An answer that
 * does not fit with its persona alone is cut at its end: a soliloquy is learnt as far as it is read.
 *
 * @param mostTokens Of a sequence.
 * @throws {DramatisError} WINDOW_EXCEEDED if there is no room for a single token of an answer.
 */
export function fitRows(model: PromptModel, parts: RowParts, mostTokens: number): SceneRow[] {
  const row = sceneRow(model, parts);
  if (row.tokens.length <= mostTokens) return [row];
  const { turns, speaker } = parts;
  const learnt = turns.flatMap((turn, i) => (lossWeightOf(turn, speaker) === 0 ? [] : [i]));
  const middle = learnt[(learnt.length - 1) >> 1]!;
  if (learnt.length > 1) {
    const known = turns.slice(middle, middle + 1).map((turn) => ({ ...turn, lossWeight: 0 }));
    return [
      // What is recalled belongs to the last answer.
      ...fitRows(model, { ...parts, turns: turns.slice(0, middle + 1), recalled: [] }, mostTokens),
      ...fitRows(model, { ...parts, turns: [...known, ...turns.slice(middle + 1)] }, mostTokens),
    ];
  }
  if (middle > 0) return fitRows(model, { ...parts, turns: turns.slice(1) }, mostTokens);
  if (parts.recalled?.length) return fitRows(model, { ...parts, recalled: [] }, mostTokens);
  return [cut(row, mostTokens)];
}

/** Cuts a row with one answer to size. */
function cut({ tokens, weights, learnt }: SceneRow, mostTokens: number): SceneRow {
  const begins = weights.findIndex((weight) => weight !== 0);
  if (begins >= mostTokens)
    throw new DramatisError(
      'WINDOW_EXCEEDED',
      `the persona has ${begins} tokens; with ${mostTokens} there is no room for an answer`,
    );
  return {
    tokens: tokens.slice(0, mostTokens),
    weights: weights.slice(0, mostTokens),
    learnt: learnt.map(({ begin }) => ({ begin, end: mostTokens })),
  };
}
