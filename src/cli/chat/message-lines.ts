const fence = '"""';

/**
 * Collects the lines of one message. It goes on over a line that ends in a backslash, between two `"""`, and over lines that
 * came as one paste; a command is always a line of its own.
 */
export class MessageLines {
  #text = '';
  #isBegun = false;
  #isFenced = false;

  /**
   * @param isPasted Whether more of the same paste follows the line.
   * @returns        Whether the message is whole.
   */
  add(line: string, isPasted = false): boolean {
    const isFirst = !this.#isBegun;
    this.#isBegun = true;
    if (isFirst && line.trimStart().startsWith(fence)) {
      this.#isFenced = true;
      return this.#addFenced(line.trimStart().slice(fence.length));
    }
    if (this.#isFenced) return this.#addFenced(line);
    if (line.endsWith('\\')) {
      this.#text += `${line.slice(0, -1)}\n`;
      return false;
    }
    const goesOn = isPasted && !(isFirst && /^\s*\/(?!\/)/.test(line));
    this.#text += goesOn ? `${line}\n` : line;
    return !goesOn;
  }

  /** What was collected; words between `"""` that look like a command are not one. */
  get text(): string {
    const text = this.#text.trimEnd();
    return this.#isFenced && /^\s*\//.test(text) ? `/${text.trimStart()}` : text;
  }

  #addFenced(line: string): boolean {
    const end = line.trimEnd();
    if (!end.endsWith(fence)) {
      this.#text += line === '' && this.#text === '' ? '' : `${line}\n`;
      return false;
    }
    this.#text += end.slice(0, -fence.length);
    return true;
  }
}
