import { interrupted } from '../interrupt.ts';
import { messages, output } from '../terminal/output.ts';
import { printable } from '../terminal/terminal-text.ts';
import { type InputLine, inputLines } from './input-lines.ts';
import { MessageLines } from './message-lines.ts';
import type { Input, Screen } from './screen.ts';

/**
 * A conversation through streams: each line of stdin is a turn, each answer a paragraph on stdout, notes
 * and prompts go to stderr. Ctrl-C ends it.
 */
export class PlainScreen implements Screen {
  readonly #next: AsyncIterator<InputLine>;
  /** Whether a person may be typing, on a terminal that can do no more. */
  readonly #isTyped = process.stdin.isTTY === true;
  #wrote = false;

  constructor() {
    this.#next = inputLines(process.stdin);
    // Ends the wait for a line.
    interrupted().addEventListener('abort', () => process.stdin.destroy(), { once: true });
  }

  async ask(): Promise<Input> {
    if (this.#isTyped) messages.text('> ');
    const message = new MessageLines();
    for (let isBegun = false; ; isBegun = true) {
      const { value, done } = await this.#next.next().catch((error: unknown) => {
        interrupted().throwIfAborted();
        throw error;
      });
      interrupted().throwIfAborted();
      if (value?.isCut)
        this.note('The line was too long: only its first million characters were read.');
      if (done) return isBegun ? { kind: 'line', text: message.text } : { kind: 'end' };
      if (message.add(value.text)) return { kind: 'line', text: message.text };
    }
  }

  note(text: string): void {
    messages.line(printable(text));
  }

  begin(): void {
    this.#wrote = false;
  }

  write(text: string): void {
    this.#wrote = true;
    output.text(printable(text));
  }

  end(mark: string | undefined): void {
    if (this.#wrote) output.text('\n');
    if (mark) this.note(mark);
  }

  stoppable(): Disposable {
    return { [Symbol.dispose]: () => {} };
  }

  [Symbol.dispose](): void {
    process.stdin.destroy(); // a paused stream that is being read would keep the program alive
  }
}
