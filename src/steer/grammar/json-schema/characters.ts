/** Inclusive ranges of code points, ascending, not touching. */
export type Ranges = readonly (readonly [low: number, high: number])[];

const mostCodePoint = 0x10ffff;
/** What text can hold: all but the halves of surrogate pairs. */
export const anyCharacter: Ranges = [
  [0, 0xd7ff],
  [0xe000, mostCodePoint],
];

export function union(...sets: readonly Ranges[]): Ranges {
  const all = sets.flat().toSorted((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [low, high] of all) {
    const last = joined.at(-1);
    if (last && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else joined.push([low, high]);
  }
  return joined;
}

export function without(set: Ranges, taken: Ranges): Ranges {
  let left = set;
  for (const [low, high] of taken) {
    left = left.flatMap(([from, to]): [number, number][] =>
      to < low || from > high
        ? [[from, to]]
        : [
            ...(from < low ? [[from, low - 1] as [number, number]] : []),
            ...(to > high ? [[high + 1, to] as [number, number]] : []),
          ],
    );
  }
  return left;
}

export const one = (codePoint: number): Ranges => [[codePoint, codePoint]];

/** What a JSON string may not hold as it stands; 0x7f may, and is better escaped in a terminal. */
const escaped: Ranges = [
  [0, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
  [0x7f, 0x7f],
];
const shortEscapes: Readonly<Record<number, string>> = {
  8: 'b',
  9: 't',
  10: 'n',
  12: 'f',
  13: 'r',
  34: '"',
  92: '\\',
};

/**
 * A grammar for one character of a JSON string out of a set: as it stands, or escaped where JSON wants that. Undefined if
 * the set is empty.
 */
export function characterOf(set: Ranges): string | undefined {
  const plain = without(set, escaped);
  const hidden = escaped.flatMap(([low, high]) =>
    Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((codePoint) =>
      set.some(([from, to]) => codePoint >= from && codePoint <= to),
    ),
  );
  const parts = [
    ...(plain.length > 0 ? [`[${plain.map(rangeText).join('')}]`] : []),
    ...(hidden.length > 0 ? [`"\\\\" (${hidden.map(escapeText).join(' | ')})`] : []),
  ];
  if (parts.length === 0) return undefined;
  return parts.length === 1 && plain.length > 0 ? parts[0] : `(${parts.join(' | ')})`;
}

const escapeText = (codePoint: number): string => {
  const short = shortEscapes[codePoint];
  const text = short ?? `u${codePoint.toString(16).padStart(4, '0')}`;
  return text === '"' || text === '\\' ? `"\\${text}"` : `"${text}"`;
};

const rangeText = ([low, high]: readonly [number, number]): string =>
  low === high ? setText(low) : `${setText(low)}-${setText(high)}`;

/** A code point in a grammar's set: letters and digits as they stand, the rest by number. */
function setText(codePoint: number): string {
  const letter = String.fromCodePoint(codePoint);
  if (/^[A-Za-z0-9]$/.test(letter)) return letter;
  return codePoint <= 0xffff
    ? `\\u${codePoint.toString(16).padStart(4, '0')}`
    : `\\U${codePoint.toString(16).padStart(8, '0')}`;
}
