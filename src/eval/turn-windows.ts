import { prng, seedOf, shuffled } from '../measure/statistics/prng.ts';
import type { Turn } from '../play/scene-turns.ts';
import { windowStart } from '../prompt/window-start.ts';
import type { SceneTurn } from './task.ts';

/** Without what only items are made from. */
export function said({ speaker, text }: SceneTurn): SceneTurn {
  return { speaker, text };
}

/** The first `count` words, punctuation kept. */
export function firstWords(text: string, count: number): string {
  return text.split(/\s+/).slice(0, count).join(' ');
}

/** The last `count` words, punctuation kept. */
export function lastWords(text: string, count: number): string {
  return text.split(/\s+/).slice(-count).join(' ');
}

/**
 * The turns right before turn `at`, up to `most` words: whole ones, but for the nearest, which is cut at its
 * start if it is longer.
 */
export function turnsBefore(turns: readonly Turn[], at: number, most: number): SceneTurn[] {
  const context: SceneTurn[] = [];
  let left = most;
  for (const turn of turns.slice(0, at).reverse()) {
    if (context.length > 0 && turn.words > left) break;
    const { speaker, text } = turn;
    context.unshift({ speaker, text: turn.words > left ? lastWords(text, left) : text });
    left -= turn.words;
    if (left <= 0) break;
  }
  return context;
}

/** The window of a scene before turn `at`: see `windowStart`. */
export function windowBefore(turns: readonly Turn[], at: number): SceneTurn[] {
  return turns.slice(windowStart(turns, at), at).map(said);
}

/** Turns that change places among themselves; the last block has up to as many more. */
const blockTurns = 4;

/**
 * Turns in another order. They change places within blocks from the start on, so that the contexts of a scene, each a
 * little longer than the one before, still share their beginning.
 *
 * @param seed What the order is drawn for, such as the scene.
 */
export function turnsShuffled(turns: readonly SceneTurn[], seed: string): SceneTurn[] {
  const blocks = Math.max(1, Math.floor(turns.length / blockTurns));
  const cuts = [...Array.from({ length: blocks }, (_, i) => i * blockTurns), turns.length];
  return cuts.slice(0, -1).flatMap((from, i) => {
    const block = turns.slice(from, cuts[i + 1]);
    return shuffled(block, prng(seedOf(seed, String(i))));
  });
}
