import type { XmlElement } from './xml.ts';

/** Elements with words that are none of the play's. */
const asides = new Set('note fw figdesc figure desc gap bibl del metamark index'.split(' '));
/** Readings of a word that give way to another one. */
const givesWay = new Set(['orig', 'sic', 'abbr', 'am']);

/** Collects the text of a TEI edition between two elements that part it: words of one reading, broken words joined. */
export class TeiText {
  readonly #aside: (words: string, line: number) => void;
  #text = '';
  #line = 1;
  /** What comes next goes on with the word before it. */
  #joins = false;
  /** Elements open inside of one that is no part of the play. */
  #skipped = 0;
  #skippedText = '';
  #skippedLine = 1;
  /** For every element open that holds readings: whether one has been taken. */
  readonly #readings: { depth: number; taken: boolean }[] = [];
  #depth = 0;

  constructor(aside: (words: string, line: number) => void) {
    this.#aside = aside;
  }

  get line(): number {
    return this.#line;
  }

  /** An element opens: true if it is no part of the play, up to its end. */
  skips(element: XmlElement, line: number): boolean {
    this.#depth++;
    if (this.#skipped > 0) {
      this.#skipped++;
      return true;
    }
    const { name, attributes } = element;
    const reading = this.#readings.at(-1);
    const other = reading?.depth === this.#depth - 1 && (givesWay.has(name) || reading.taken);
    if (asides.has(name) || other) {
      this.#skipped = 1;
      this.#skippedLine = line;
      return true;
    }
    if (reading?.depth === this.#depth - 1) reading.taken = true;
    if (name === 'choice' || name === 'app' || name === 'subst')
      this.#readings.push({ depth: this.#depth, taken: false });
    if ((name === 'lb' || name === 'pb' || name === 'cb') && attributes.break === 'no')
      this.#join();
    if (name === 'g' && /EOLhyphen/i.test(attributes.ref ?? '')) this.#join();
    return false;
  }

  /** An element ends: true if it is no part of the play. */
  ends(): boolean {
    this.#depth--;
    if (this.#skipped === 0) {
      if (this.#readings.at(-1)?.depth === this.#depth + 1) this.#readings.pop();
      return false;
    }
    this.#skipped--;
    if (this.#skipped === 0) this.finish();
    return true;
  }

  add(text: string, line: number): void {
    if (this.#skipped > 0) this.#skippedText += text;
    else {
      if (this.#text.trim() === '')
        this.#line = Math.max(1, line - text.trimStart().split('\n').length + 1);
      this.#text += this.#joins ? text.trimStart() : text;
      if (text.trim() !== '') this.#joins = false;
    }
  }

  /** From here on a text begins, if none has. */
  start(line: number): void {
    if (this.#text.trim() === '') this.#line = line;
  }

  /** The text so far, and where it began. */
  take(): { text: string; line: number } {
    const taken = { text: this.#text, line: this.#line };
    this.#text = '';
    this.#joins = false;
    return taken;
  }

  /** Writes what was skipped. */
  finish(): void {
    if (this.#skippedText.trim() !== '') this.#aside(this.#skippedText, this.#skippedLine);
    this.#skippedText = '';
  }

  #join(): void {
    this.#text = this.#text.replace(/[-¬‐]?\s*$/u, '');
    this.#joins = true;
  }
}
