interface Screen {
  write(text: string): unknown;
  readonly rows?: number | undefined;
}

/**
 * The last lines of a terminal, which are drawn anew while what stands above them stays: words that come, and the status.
 *
 * No line may be as wide as the terminal.
 */
export class LiveLines {
  readonly #screen: Screen;
  #lines: readonly string[] = [];

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Puts other lines in their place. */
  draw(lines: readonly string[]): void {
    // What has scrolled out of the window cannot be reached any more.
    const most = Math.max(1, (this.#screen.rows ?? 24) - 1);
    const shown = lines.slice(-most);
    this.#screen.write(this.#back + shown.join('\n'));
    this.#lines = shown;
  }

  /** Writes lines above them that stay. */
  print(lines: readonly string[]): void {
    this.#screen.write(`${this.#back}${lines.map((line) => `${line}\n`).join('')}`);
    const again = this.#lines;
    this.#lines = [];
    this.draw(again);
  }

  clear(): void {
    this.#screen.write(this.#back);
    this.#lines = [];
  }

  /** Moves to where they begin and wipes what follows. */
  get #back(): string {
    if (this.#lines.length === 0) return '';
    const up = this.#lines.length - 1;
    return `\r${up > 0 ? `\x1b[${up}A` : ''}\x1b[J`;
  }
}
