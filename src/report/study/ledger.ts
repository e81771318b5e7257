import { escapeMarkup } from '../../stage/export/markup.ts';
import { sha256 } from '../../store/sha256.ts';
import { isKnown, shown, shownInterval, shownSigned } from '../bench/number.ts';
import { figureText } from '../speed/text.ts';
import { Computing, type Dependence } from './computing.ts';
import { howText } from './how-text.ts';
import type { DifferenceSource, Figure, NumberSource } from './number-source.ts';
import type { StudyData } from './study-data.ts';

/** A number of the report as `numbers.json` has it. */
export interface NumberEntry {
  /** Name of its source: the same source has the same name in every report. */
  readonly id: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number | null;
  /** How it is worked out, in words. */
  readonly how: string;
  /** The rows that it is worked out from. */
  readonly from: readonly Dependence[];
  /** How it is worked out, as data. */
  readonly source: NumberSource;
}

/** Words of the report, as HTML in which each number says where it is from, and as plain text. */
export interface Phrase {
  readonly html: string;
  readonly text: string;
}

/** How a number is written: a share or another score, a difference with its sign, a rate, or a whole number. */
export type NumberForm = 'score' | 'signed' | 'rate' | 'whole';

/** Every number of a report, each with where it comes from. No other number stands in the text. */
export class Ledger {
  readonly #computing: Computing;
  readonly #entries = new Map<string, NumberEntry>();

  constructor(study: StudyData) {
    this.#computing = new Computing(study);
  }

  has(source: NumberSource): boolean {
    return this.#computing.has(source);
  }

  /** A number, noted as one that the report shows. */
  figure(source: NumberSource): Figure {
    const figure = this.#computing.of(source);
    const id = idOf(source);
    if (!this.#entries.has(id))
      this.#entries.set(id, {
        ...{ id, ...jsonOf(figure), how: howText(source) },
        ...{ from: this.#computing.dependences(source), source },
      });
    return figure;
  }

  /** "0.451", written into the text with the name of its source. */
  value(source: NumberSource, form: NumberForm = 'score'): Phrase {
    const { value } = this.figure(source);
    return this.#data(source, value, written(value, form));
  }

  /** "0.451 [0.402, 0.513]". */
  withInterval(source: NumberSource, form: NumberForm = 'score'): Phrase {
    const figure = this.figure(source);
    const interval =
      form === 'rate' || form === 'whole' ? rangeText(figure, form) : shownInterval(figure, '');
    const text = `${written(figure.value, form)} ${interval}`.trim();
    return this.#data(source, figure.value, text);
  }

  /** How many items, situations or samples a number is of. */
  n(source: NumberSource): Phrase {
    const { n } = this.figure(source);
    return this.#data(source, n, written(n, 'whole'));
  }

  /** Corrected p of a family, for marks of a figure: what they add up to stands in the ledger as a number of its own. */
  corrected(family: readonly DifferenceSource[]): readonly number[] {
    return this.#computing.corrected(family);
  }

  entries(): readonly NumberEntry[] {
    return [...this.#entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  #data(source: NumberSource, value: number, text: string): Phrase {
    const attributes = `value="${isKnown(value) ? value : ''}" data-src="${idOf(source)}"`;
    return { html: `<data ${attributes}>${escapeMarkup(text)}</data>`, text };
  }
}

/** Twelve hex digits of the hash of a source. */
export const idOf = (source: NumberSource): string => sha256(JSON.stringify(source)).slice(0, 12);

/** A figure as JSON has it: null for what is not known. */
export const jsonOf = ({ value, low, high, n }: Figure) => ({
  ...{ value: known(value), low: known(low), high: known(high), n: known(n) },
});

const known = (value: number): number | null => (isKnown(value) ? value : null);

function written(value: number, form: NumberForm): string {
  switch (form) {
    case 'score':
      return shown(value, '');
    case 'signed':
      return shownSigned(value, '');
    case 'rate':
      return figureText(value);
    case 'whole':
      return isKnown(value) ? Math.round(value).toLocaleString('en') : '–';
  }
}

function rangeText({ low, high }: Figure, form: NumberForm): string {
  return low === high ? '' : `[${written(low, form)}, ${written(high, form)}]`;
}

type Part = string | Phrase;

/** Words with numbers in them, as a template string. Text is made safe. */
export function say(strings: TemplateStringsArray, ...parts: readonly Part[]): Phrase {
  const phrases = parts.map((part) => (typeof part === 'string' ? plain(part) : part));
  const woven = (name: keyof Phrase): string =>
    strings.map((text, i) => plain(text)[name] + (phrases[i]?.[name] ?? '')).join('');
  return { html: woven('html'), text: woven('text') };
}

export const plain = (text: string): Phrase => ({ html: escapeMarkup(text), text });
