/** What frequencies are measured against: the commonest words of a set of texts, and how much each varies among them. */
export interface WordScale {
  /** The commonest first. */
  readonly words: readonly string[];
  /** Mean over the texts of a word's share, by word. */
  readonly mean: Float64Array;
  /** Standard deviation of that share over the texts; never 0. */
  readonly deviation: Float64Array;
}

/**
 * The scale that a reference set of texts gives.
 *
 * @param texts Words of a text each, two at least; each counts the same, however long.
 * @param size  How many of the commonest words are used, at most; those that do not vary are dropped.
 * @param isName Words to leave out: names tell what a text is about, not whose it is.
 */
export function wordScale(
  texts: readonly (readonly string[])[],
  size: number,
  isName: (word: string) => boolean,
): WordScale {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of text) counts.set(word, (counts.get(word) ?? 0) + 1);
  const common = [...counts]
    .filter(([word]) => !isName(word))
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, size)
    .map(([word]) => word);
  const shares = texts.map((text) => sharesOf(text, indexOf(common)));
  const mean = common.map((_, i) => shares.reduce((sum, row) => sum + row[i]!, 0) / texts.length);
  const deviation = common.map((_, i) =>
    Math.sqrt(shares.reduce((sum, row) => sum + (row[i]! - mean[i]!) ** 2, 0) / (texts.length - 1)),
  );
  const varying = common.map((_, i) => i).filter((i) => deviation[i]! > 0);
  return {
    words: varying.map((i) => common[i]!),
    mean: Float64Array.from(varying, (i) => mean[i]!),
    deviation: Float64Array.from(varying, (i) => deviation[i]!),
  };
}

/** How often each word of a scale is in a text, and the text's length: what pooling adds up. */
export interface WordCounts {
  readonly counts: Float64Array;
  readonly total: number;
}

export function countWords(text: readonly string[], scale: WordScale): WordCounts {
  const index = indices.get(scale) ?? indexOf(scale.words);
  indices.set(scale, index);
  return { counts: countsOf(text, index), total: text.length };
}

/** How far each word's share in a text, or in several pooled, is from the mean, in standard deviations. */
export function zScores(pooled: readonly WordCounts[], scale: WordScale): Float64Array {
  const total = pooled.reduce((sum, text) => sum + text.total, 0);
  const z = new Float64Array(scale.words.length);
  for (const { counts } of pooled) for (let i = 0; i < z.length; i++) z[i]! += counts[i]!;
  for (let i = 0; i < z.length; i++)
    z[i] = (z[i]! / Math.max(1, total) - scale.mean[i]!) / scale.deviation[i]!;
  return z;
}

/**
 * The cosine of two texts' z-scores: one less Cosine Delta. 0 where one has no length.
 *
 * @see Smith and Aldridge, "Improving authorship attribution: optimizing Burrows' Delta method", 2011.
 */
export function cosine(a: Float64Array, b: Float64Array): number {
  return dot(unit(a), unit(b));
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** A vector scaled to length 1; one of length 0 stays as it is. */
export function unit(z: Float64Array): Float64Array {
  const length = norm(z);
  return length === 0 ? z : z.map((value) => value / length);
}

export const norm = (z: Float64Array): number => Math.sqrt(dot(z, z));

/**
 * Burrows's Delta: the mean distance of two texts' z-scores.
 *
 * @see Burrows, "'Delta': a measure of stylistic difference and a guide to likely authorship", 2002.
 */
export function burrowsDelta(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

const indices = new WeakMap<WordScale, ReadonlyMap<string, number>>();
const indexOf = (words: readonly string[]): ReadonlyMap<string, number> =>
  new Map(words.map((word, i) => [word, i]));

function countsOf(text: readonly string[], index: ReadonlyMap<string, number>): Float64Array {
  const counts = new Float64Array(index.size);
  for (const word of text) {
    const i = index.get(word);
    if (i !== undefined) counts[i]!++;
  }
  return counts;
}

const sharesOf = (text: readonly string[], index: ReadonlyMap<string, number>): Float64Array =>
  countsOf(text, index).map((count) => count / Math.max(1, text.length));
