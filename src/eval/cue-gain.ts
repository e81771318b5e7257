import type { Answer } from '../measure/row.ts';
import { prng, seedOf } from '../measure/statistics/prng.ts';
import { words } from '../play/words.ts';
import { windowStart } from '../prompt/window-start.ts';
import type { Request, SceneTurn } from './task.ts';

/** One turn of a conversation, to be scored after the turn before it and after another in that one's place. */
export interface CuePair {
  /** Position of the turn. */
  readonly at: number;
  /** Length of the turn in UTF-8. */
  readonly bytes: number;
  /** With the turn before as it was, and with other words of the conversation in its place. */
  readonly requests: readonly [Request, Request];
}

/**
 * What to ask a bare model about how much each turn of a conversation goes on from the one before it. The words that stand
 * in are drawn by the seed from what is said later, by anybody but who speaks the turn, and keep the label of those that
 * they stand for: words that the page has already would be a repetition, which costs by itself, and the answer to the turn
 * may repeat it. Then nothing but the order of a conversation tells one from the other. A turn for which there are none is
 * left out, as is an empty one.
 */
export function cuePairs(turns: readonly SceneTurn[], seed: string): CuePair[] {
  const lengths = turns.map(({ text }) => ({ words: words(text).length }));
  return turns.flatMap(({ speaker, text }, at): CuePair[] => {
    const cue = turns[at - 1];
    const others = turns.filter(
      (other, i) => i > at + 1 && other.speaker !== speaker && other.text !== cue?.text,
    );
    if (!cue || others.length === 0 || lengths[at]!.words === 0) return [];
    const drawn = prng(seedOf(seed, String(at), 'cue'))();
    const other = others[Math.floor(drawn * others.length)]!;
    const before = turns.slice(windowStart(lengths, at), at - 1);
    const after = (text: string): Request => ({
      kind: 'score',
      context: { kind: 'scene', turns: [...before, { speaker: cue.speaker, text }], speaker },
      continuations: [turns[at]!.text],
    });
    const bytes = Buffer.byteLength(text);
    return [{ at, bytes, requests: [after(cue.text), after(other.text)] }];
  });
}

/** What a bare model makes of a turn, in nats over all of it. */
export interface CuedTurn {
  /**
   * By how much it is likelier after the turn before it than after other words: above 0 where turns answer each other, about 0
   * where their order says nothing.
   */
  readonly gain: number;
  /** −log p of its words where they stand: low for what was foreseen, high for what is no sentence. */
  readonly surprise: number;
}

/**
 * How each turn goes on from the one before it.
 *
 * @param answers Two for each pair, in order.
 */
export function cuedTurns(pairs: readonly CuePair[], answers: readonly Answer[]): CuedTurn[] {
  return pairs.map((_, i) => {
    const [own, other] = [answers[2 * i], answers[2 * i + 1]].map((answer) =>
      answer?.kind === 'score' ? answer.nats[0]! : Number.NaN,
    );
    return { gain: own! - other!, surprise: -own! };
  });
}
