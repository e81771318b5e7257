/** Words that make another person of a name: a wife, a child, a ghost, the second of two. */
const another =
  /^(?:MRS|MISS|MS|LADY|MADAM|MADAME|MME|MLLE|MADEMOISELLE|FRAU|FRÄULEIN|SEÑORA|SEÑORITA|DOÑA|DONNA|SIGNORA|DAME|QUEEN|PRINCESS|DUCHESS|COUNTESS|BARONESS|MARCHIONESS|EMPRESS|WIDOW|MOTHER|SISTER|AUNT|YOUNG|YOUNGER|OLD|ELDER|LITTLE|JUNIOR|SENIOR|GHOST|SPIRIT|VOICE|SON|DAUGHTER|WIFE|FIRST|SECOND|THIRD|FOURTH)\.?$/;
/** Words that are no name of anybody alone. */
const title =
  /^(?:KING|DUKE|EARL|COUNT|BARON|LORD|SIR|PRINCE|EMPEROR|MR|DR|DOCTOR|CAPTAIN|JUDGE|FATHER|BROTHER|UNCLE|MASTER|THE|AN?|OF|DE|VON|DON|HERR|MONSIEUR|SEÑOR|SIGNOR)\.?$/;

/**
 * Who is meant by labels that stand in no cast list, "HEDDA" for the "HEDDA TESMAN" of the list, where nobody else can be: the
 * label fits nobody but the one listed, and no other label fits but that one, too. Who is found is left out of what remains,
 * so that "TESMAN" then is George.
 *
 * @param labels Names that speak and are not listed.
 * @param listed Names that are listed and no label stands for.
 * @returns      Label → listed name.
 */
export function listedInFull(
  labels: readonly string[],
  listed: readonly string[],
): Map<string, string> {
  const paired = new Map<string, string>();
  const open = new Set(listed);
  for (;;) {
    const left = labels.filter((label) => !paired.has(label));
    const fitting = left.map((label) => [...open].filter((full) => mayMean(label, full)));
    const only = fitting.map((fulls) => (fulls.length === 1 ? fulls[0] : undefined));
    const found = only.findIndex((full) => full && only.filter((one) => one === full).length === 1);
    if (found < 0) return paired;
    const full = only[found]!;
    paired.set(left[found]!, full);
    open.delete(full);
  }
}

/** Whether a label has words of a name, in order, and leaves out none that makes another person of it. */
function mayMean(label: string, full: string): boolean {
  const short = label.split(' ');
  const words = full.split(' ');
  if (short.length >= words.length || short.every((word) => title.test(word) || another.test(word)))
    return false;
  let at = 0;
  for (const word of words)
    if (word === short[at]) at++;
    else if (another.test(word) || /['’]S?$/.test(word)) return false;
  return at === short.length;
}
