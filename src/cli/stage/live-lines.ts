import type { Output } from '../terminal/output.ts';

/**
 * The last lines of a terminal, which are drawn anew while what stands above them stays: words that come, and the status.
 *
 * No line may be as wide as the terminal.
 */
export class LiveLines {
  readonly #screen: Output;
  #lines: readonly string[] = [];

  constructor(screen: Output) {
    this.#screen = screen;
  }

  /** Puts other lines in their place. */
  draw(lines: readonly string[]): void {
    // What has scrolled out of the window cannot be reached any more.
    const most = Math.max(1, (this.#screen.rows ?? 24) - 1);
    const shown = lines.slice(-most);
    this.#wipe();
    this.#screen.text(shown.join('\n'));
    this.#lines = shown;
  }

  /** Writes lines above them that stay. */
  print(lines: readonly string[]): void {
    this.#wipe();
    this.#screen.text(lines.map((line) => `${line}\n`).join(''));
    const again = this.#lines;
    this.#lines = [];
    this.draw(again);
  }

  clear(): void {
    this.#wipe();
    this.#lines = [];
  }

  /** Moves to where they begin and wipes what follows. */
  #wipe(): void {
    if (this.#lines.length > 0) this.#screen.wipeUp(this.#lines.length - 1);
  }
}
