/**
 * Whether a word's main stress falls on a strong place of an iambic line: the second, fourth … A line may begin with a
 * stress.
 *
 * @param before Syllables of the line before the word.
 */
export function fitsIambs(stresses: readonly boolean[], before: number): boolean {
  const stressed = stresses.indexOf(true);
  if (stressed < 0 || (before === 0 && stressed === 0)) return true;
  return (before + stressed) % 2 === 1;
}
