/** Length of the longest sequence that two lists have in common, gaps allowed. */
export function commonLength(one: readonly string[], other: readonly string[]): number {
  let above = new Array<number>(other.length + 1).fill(0);
  for (const word of one) {
    const row = [0];
    for (const [j, against] of other.entries())
      row.push(word === against ? above[j]! + 1 : Math.max(above[j + 1]!, row[j]!));
    above = row;
  }
  return above[other.length]!;
}
