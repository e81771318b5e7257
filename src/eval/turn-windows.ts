import { prng, seedOf, shuffled } from '../measure/statistics/prng.ts';
import type { Turn } from '../play/scene-turns.ts';
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

/** A window never holds more words than this before the turn asked about (but for one turn that is longer). */
const mostWindowWords = 1000;
/** What is kept of them when the window moves. */
const keptWords = 300;

/**
 * Where the window of a scene begins that ends before turn `at`.
 *
 * It begins with the scene until there are 1,000 words in it, then moves so that the last 300 or so are kept, and so
 * on. Between two moves windows grow at their end only, so that who reads them in order reads every turn once: a
 * window that slid with each turn would be read anew each time.
 */
export function windowStart(turns: readonly Turn[], at: number): number {
  let start = 0;
  let held = 0;
  for (let i = 0; i < at; i++) {
    held += turns[i]!.words;
    if (held <= mostWindowWords) continue;
    start = i;
    held = turns[i]!.words;
    while (start > 0 && held + turns[start - 1]!.words <= keptWords) held += turns[--start]!.words;
  }
  return start;
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
