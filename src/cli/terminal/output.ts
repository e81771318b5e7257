import { hasColours } from './paint.ts';
import { printableJson, printableStyled, withStyles } from './terminal-text.ts';

/** The part of a stream that printing needs. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/**
 * The one way to standard output and standard error. Whatever is printed comes from a file, a model, an adapter or an
 * error sooner or later: control characters, C1 controls and marks that turn the direction of writing are written out, in
 * JSON as its escapes. Only what this class makes itself moves a cursor.
 */
export class Output {
  readonly #stream: () => OutputStream;
  readonly #env: NodeJS.ProcessEnv;

  /**
   * @param stream Asked at each use: tests put another in its place.
   * @param env Says whether styles are wanted: `NO_COLOR`, `FORCE_COLOR`, `TERM`.
   */
  constructor(stream: () => OutputStream, env: NodeJS.ProcessEnv = process.env) {
    this.#stream = stream;
    this.#env = env;
  }

  get isTTY(): boolean {
    return this.#stream().isTTY === true;
  }

  get columns(): number | undefined {
    return this.#stream().columns;
  }

  get rows(): number | undefined {
    return this.#stream().rows;
  }

  /** A text and the end of its line. */
  line(text: string): void {
    this.text(`${text}\n`);
  }

  /** A text that goes on; it may be painted. */
  text(text: string): void {
    const stream = this.#stream();
    stream.write(withStyles(printableStyled(text), hasColours(stream, this.#env)));
  }

  /** A value as JSON over several lines. */
  json(value: unknown): void {
    this.#stream().write(`${printableJson(JSON.stringify(value, null, 2))}\n`);
  }

  /** A value as JSON in one line, for a stream of them. */
  jsonLine(value: unknown): void {
    this.#stream().write(`${printableJson(JSON.stringify(value))}\n`);
  }

  /** The content of a file that a command makes, byte for byte; on a terminal as any other text. */
  file(text: string): void {
    if (this.isTTY) this.text(text);
    else this.#stream().write(text);
  }

  /** Wipes the line that the cursor stands in. */
  wipeLine(): void {
    this.#stream().write('\r\x1b[K');
  }

  /** Wipes from the start of the line that stands so many above the cursor's to the end of the screen. */
  wipeUp(lines: number): void {
    this.#stream().write(`\r${lines > 0 ? `\x1b[${lines}A` : ''}\x1b[J`);
  }

  /** Asks a terminal to mark what is pasted (bracketed paste), or to leave off. */
  markPastes(isOn: boolean): void {
    if (this.isTTY) this.#stream().write(`\x1b[?2004${isOn ? 'h' : 'l'}`);
  }

  /** What a line editor of Node sends to a terminal: cursor movements, and the keys that a person typed. */
  echo(sent: string): void {
    this.#stream().write(sent);
  }
}

export const output = new Output(() => process.stdout);
export const messages = new Output(() => process.stderr);
