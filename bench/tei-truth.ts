import { SaxesParser } from 'saxes';

/** What a TEI edition's own markup says a play consists of. */
export interface TeiTruth {
  /** Acts with a speech, in order: the number printed, or the place in the order, and the scenes in it with a speech. */
  readonly acts: readonly { readonly number: number; readonly scenes: number }[];
  /** Speeches in order: who the markup says speaks them, as ids. */
  readonly speeches: readonly { readonly who: string; readonly label: string }[];
  /** Letter or digit → how often it stands between the tags. */
  readonly letters: ReadonlyMap<string, number>;
}

const scene = /^(?:scene|szene|prologue|epilogue|induction|chorus)$/;

interface Division {
  readonly type: string;
  heading: string;
  /** Speeches that stand in no division inside of it. */
  own: number;
  speeches: number;
  scenes: number;
}

/** Reads the markup alone, by another way than the parser that is measured. */
export function teiTruth(text: string): TeiTruth {
  const parser = new SaxesParser();
  parser.on('error', () => {}); // what is not well formed is read as far as it goes
  const open: { name: string; division: Division | undefined }[] = [];
  const acts: Division[] = [];
  const speeches: { who: string; label: string }[] = [];
  const letters = new Map<string, number>();
  const divisions = (): Division[] => open.flatMap(({ division }) => division ?? []);
  parser.on('opentag', ({ name: tag, attributes }) => {
    const name = tag.replace(/^.*:/, '').toLowerCase();
    const given = attributes as Record<string, string>;
    const type = (given.type ?? '').toLowerCase();
    const isDivision = /^div\d?$/.test(name);
    open.push({
      name,
      division: isDivision ? { type, heading: '', own: 0, speeches: 0, scenes: 0 } : undefined,
    });
    if (name !== 'sp') return;
    const ids = (given.who ?? '').split(/\s+/).map((id) => id.replace(/^#/, ''));
    speeches.push({ who: [...new Set(ids.filter(Boolean))].sort().join(' '), label: '' });
    for (const division of divisions()) division.speeches++;
    const inner = divisions().at(-1);
    if (inner) inner.own++;
  });
  parser.on('closetag', () => {
    const closed = open.pop()?.division;
    if (!closed) return;
    const act = divisions().findLast(({ type }) => type === 'act');
    if (closed.type === 'act' && closed.speeches > 0) acts.push(closed);
    else if (act && closed.own > 0 && scene.test(closed.type)) act.scenes++;
    else if (divisions().length > 0) divisions().at(-1)!.own += closed.own;
  });
  parser.on('text', (part) => {
    countLetters(part, letters);
    const name = open.at(-1)?.name;
    if (name === 'head') {
      const division = divisions().at(-1);
      if (division) division.heading += ` ${part}`;
    } else if (name === 'speaker') speeches.at(-1)!.label += part;
  });
  parser.write(text).close();
  return { acts: numbered(acts), speeches, letters };
}

/** Adds the letters and digits of a text to a count. */
export function countLetters(text: string, counts: Map<string, number>): void {
  for (const [letter] of text.normalize('NFC').matchAll(/[\p{L}\p{N}]/gu))
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
}

function numbered(acts: readonly Division[]): { number: number; scenes: number }[] {
  let last = 0;
  return acts.flatMap(({ heading, scenes, own }) => {
    if (/^\s*(?:prolog|vorspiel|пролог|induction)/iu.test(heading)) return [];
    const printed = romanOf(
      /(?<![\p{L}\p{N}])([IVX]+|\d{1,2})(?![\p{L}\p{N}])/u.exec(heading)?.[1],
    );
    last = printed !== undefined && printed > last ? printed : last + 1;
    return [{ number: last, scenes: scenes + (own > 0 ? 1 : 0) }];
  });
}

function romanOf(numeral: string | undefined): number | undefined {
  if (numeral === undefined) return undefined;
  if (/^\d/.test(numeral)) return Number(numeral);
  const values = [...numeral].map((letter) => ({ I: 1, V: 5, X: 10 })[letter]!);
  return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
}
