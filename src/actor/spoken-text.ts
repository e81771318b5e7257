import { literalPattern } from '../play/literal.ts';

/** What of a label may stand after its name, before it is known what follows. */
const labelEnd = /^\*{0,2}(?::\*{0,2}\s*["“]?|\.)?\s*$/;

/**
 * A reply as it may be shown: without the spaces around it, and without what models that know plays like to
 * put there, the character's own label and quotation marks that enclose all of it.
 */
export class SpokenText {
  /** All that was let through. */
  text = '';
  readonly #label: RegExp;
  readonly #names: readonly string[];
  #held = '';
  #begun = false;

  /** @param names How the character may be called in a label, such as "HAMLET" and "Hamlet". */
  constructor(names: readonly string[]) {
    const any = names.map(literalPattern).join('|');
    this.#label = new RegExp(`^\\*{0,2}(?:${any})\\*{0,2}(?::\\*{0,2}|\\.(?=\\n))\\s*`, 'i');
    this.#names = names.map((name) => name.toLowerCase());
  }

  /** @returns What can be shown now; text that may be a label or the last space waits. */
  push(text: string): string {
    this.#held += text;
    if (!this.#begun) {
      this.#held = this.#held.trimStart();
      if (this.#mayBecomeLabel()) return '';
      this.#begin();
    }
    const shown = this.#held.replace(/\s*["”]?\s*$/, '');
    this.#held = this.#held.slice(shown.length);
    this.text += shown;
    return shown;
  }

  /** What still waits, once no more text comes. */
  end(): string {
    if (!this.#begun) this.#begin();
    const quotes = this.text.match(/["“”]/g)?.length ?? 0;
    const rest = this.#held.trimEnd();
    // A mark that closes what none has opened.
    const shown = quotes % 2 === 0 ? rest.replace(/\s*["”]$/, '') : rest;
    this.#held = '';
    this.text += shown;
    return shown;
  }

  /** Whether what is held is the beginning of a label or a mark, or one whose end is not here yet. */
  #mayBecomeLabel(): boolean {
    const bare = this.#held.toLowerCase().replace(/^\*{1,2}/, '');
    if (/^["“]?\s*$/.test(bare)) return true;
    return this.#names.some((name) =>
      bare.length <= name.length
        ? name.startsWith(bare)
        : bare.startsWith(name) && labelEnd.test(bare.slice(name.length)),
    );
  }

  #begin(): void {
    this.#begun = true;
    this.#held = this.#held.replace(this.#label, '').replace(/^["“]\s*/, '');
  }
}
