/**
 * Each p as it stands once all of them were looked at together: below 0.05 for any of them, by chance alone, in no
 * more than 5 of 100 families.
 *
 * @see Holm, "A simple sequentially rejective multiple test procedure", 1979.
 */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length);
  let most = 0;
  for (const [rank, i] of order.entries()) {
    most = Math.max(most, Math.min(1, ps[i]! * (ps.length - rank)));
    adjusted[i] = most;
  }
  return adjusted;
}
