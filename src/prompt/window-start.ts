/** When the window of a scene moves. */
export interface WindowLimits {
  /** Words that a window never holds more of (but for one turn that is longer). */
  readonly mostWords: number;
  /** Words, or nearly so many, that are kept when the window moves. */
  readonly keptWords: number;
}

/** How the windows of the benchmark and of the stage move, unless a smaller one is asked for. */
const sceneWindow: WindowLimits = { mostWords: 1000, keptWords: 300 };

/**
 * Where the window of a scene begins that ends before turn `at`.
 *
 * It begins with the scene until there are 1,000 words in it, then moves so that the last 300 or so are kept, and so
 * on. Between two moves windows grow at their end only, so that who reads them in order reads every turn once: a
 * window that slid with each turn would be read anew each time.
 */
export function windowStart(
  turns: readonly { readonly words: number }[],
  at: number,
  { mostWords, keptWords }: WindowLimits = sceneWindow,
): number {
  let start = 0;
  let held = 0;
  for (let i = 0; i < at; i++) {
    held += turns[i]!.words;
    if (held <= mostWords) continue;
    start = i;
    held = turns[i]!.words;
    while (start > 0 && held + turns[start - 1]!.words <= keptWords) held += turns[--start]!.words;
  }
  return start;
}
