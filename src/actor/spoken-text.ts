/**
 * A reply as it may be shown: without the spaces around it, and without the character's own label, with
 * which models that know plays like to begin.
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
    const any = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
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
    const shown = this.#held.trimEnd();
    this.#held = this.#held.slice(shown.length);
    this.text += shown;
    return shown;
  }

  /** What still waits, once no more text comes. */
  end(): string {
    if (!this.#begun) this.#begin();
    const shown = this.#held.trimEnd();
    this.#held = '';
    this.text += shown;
    return shown;
  }

  /** Whether what is held is the beginning of a label, or one whose end is not here yet. */
  #mayBecomeLabel(): boolean {
    const bare = this.#held.toLowerCase().replace(/^\*{1,2}/, '');
    return this.#names.some((name) =>
      bare.length <= name.length
        ? name.startsWith(bare)
        : bare.startsWith(name) &&
          /^(?:\*{1,2}|\*{0,2}:\*{0,2}|\.)\s*$/.test(bare.slice(name.length)),
    );
  }

  #begin(): void {
    this.#begun = true;
    this.#held = this.#held.replace(this.#label, '');
  }
}
