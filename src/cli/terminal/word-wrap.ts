/**
 * Breaks text that comes in pieces into lines of at most `width` characters, between words.
 *
 * A word is held back until it is whole, since only then is it known whether it fits. Line breaks of the
 * text stay. A word longer than a line is cut, and loses the spaces before it.
 */
export class WordWrap {
  readonly #widthNow: () => number;
  /** Characters already in the line. */
  #column: number;
  /** The word that is not known to be whole, and the spaces before it. */
  #word = '';
  #space = '';

  /**
   * @param width  Characters in a line; Infinity breaks nothing. A function is asked at each word: a window is resized.
   * @param column Characters that already stand in the first line, such as a label.
   */
  constructor(width: number | (() => number), column = 0) {
    this.#widthNow = typeof width === 'number' ? () => width : width;
    this.#column = column;
  }

  /** @returns What can be written now. */
  push(text: string): string {
    let out = '';
    for (const part of text.match(/\n|[^\S\n]+|\S+/g) ?? []) {
      if (part === '\n') {
        out += `${this.#place()}\n`;
        this.#column = 0;
        this.#space = '';
      } else if (/\S/.test(part)) {
        this.#word += part;
      } else {
        out += this.#place();
        this.#space += part;
      }
    }
    return out;
  }

  /** The last word. */
  end(): string {
    return this.#place();
  }

  get #width(): number {
    return Math.max(1, this.#widthNow());
  }

  /** Writes the word held back: on this line if it fits, else on the next. */
  #place(): string {
    let word = this.#word;
    if (word === '') return '';
    this.#word = '';
    const space = this.#space;
    this.#space = '';
    const fits = this.#column + lengthOf(space) + lengthOf(word) <= this.#width;
    let out = '';
    if (fits) {
      out = space;
      this.#column += lengthOf(space);
    } else if (this.#column > 0) {
      out = '\n';
      this.#column = 0;
    }
    for (; lengthOf(word) > this.#width - this.#column; this.#column = 0) {
      const [head, tail] = cut(word, Math.max(1, this.#width - this.#column));
      out += `${head}\n`;
      word = tail;
    }
    this.#column += lengthOf(word);
    return out + word;
  }
}

/** Whole text at once. */
export function wrap(text: string, width: number, column = 0): string {
  const wrapping = new WordWrap(width, column);
  return wrapping.push(text) + wrapping.end();
}

/**
 * Breaks each line of a text, what goes over standing below where it began: below the second column of a line that has two,
 * with two spaces or more between them, else a little to the right of an indented line.
 */
export function wrapHanging(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => {
      const column = /^\S.*?\s{2,}(?=\S)/.exec(line)?.[0].length;
      const indent = /^\s*/.exec(line)![0].length;
      const hang = column ?? (indent > 0 ? indent + 2 : 0);
      if (hang > width / 2) return wrap(line, width);
      const start = column ?? indent;
      const rest = wrap(line.slice(start), width - hang).replaceAll('\n', `\n${' '.repeat(hang)}`);
      return line.slice(0, start) + rest;
    })
    .join('\n');
}

interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** A text as it is printed to a stream: broken between words on a terminal, as it is elsewhere. */
export function fitted(text: string, { isTTY, columns = 80 }: OutputStream): string {
  return isTTY ? wrap(text, columns - 1) : text;
}

const lengthOf = (text: string): number => [...text].length;

function cut(text: string, at: number): [string, string] {
  const characters = [...text];
  return [characters.slice(0, at).join(''), characters.slice(at).join('')];
}
