import type { StageNews } from '../../stage/stage.ts';
import type { StageState } from '../../stage/state.ts';
import { type InputLine, inputLines } from '../chat/input-lines.ts';
import { interrupted } from '../interrupt.ts';
import { messages, output } from '../terminal/output.ts';
import { printable } from '../terminal/terminal-text.ts';
import { plainLine, sceneLine, whoSpoke } from './scene-lines.ts';
import type { StageScreen } from './stage-screen.ts';

/**
 * A scene through streams: a line on stdout for each turn and direction, or each record of the journal as it stands there;
 * notes go to stderr. Who speaks a part in person does so by a line of stdin.
 */
export class LinesScreen implements StageScreen {
  readonly #isJson: boolean;
  #next: AsyncIterator<InputLine> | undefined;

  constructor({ json }: { readonly json: boolean }) {
    this.#isJson = json;
  }

  show(news: StageNews, state: StageState): void {
    if (news.kind !== 'event') return;
    const { event } = news;
    if (this.#isJson) {
      output.jsonLine(event);
      return;
    }
    const line = sceneLine(event, (n) => whoSpoke(state, n));
    if (line) output.line(printable(plainLine(line)));
  }

  note(text: string): void {
    messages.line(printable(text));
  }

  async ask(who: string): Promise<string | undefined> {
    if (!this.#next) {
      this.#next = inputLines(process.stdin);
      // Ends the wait for a line.
      interrupted().addEventListener('abort', () => process.stdin.destroy(), { once: true });
    }
    if (process.stdin.isTTY) messages.text(`${printable(who)}, you speak: `);
    try {
      const { value, done } = await this.#next.next();
      return done ? undefined : value.text;
    } catch (error) {
      if (interrupted().aborted) return undefined;
      throw error;
    }
  }

  [Symbol.dispose](): void {
    if (this.#next) process.stdin.destroy(); // a paused stream that is being read would keep the program alive
  }
}
