import type { DraftEvent } from '../../workspace/digests/draft-digests.ts';
import { messages } from './output.ts';

/** How drafting goes, on stderr: a line a scene, and on a terminal the piece being read; nothing under `--json`. */
export class DraftProgress implements Disposable {
  readonly #isQuiet: boolean;
  readonly #isInPlace: boolean;
  #scenes = 0;
  #seen = 0;
  #isLineOpen = false;

  constructor(isQuiet: boolean, stream: NodeJS.WriteStream = process.stderr) {
    const { CI, TERM } = process.env;
    this.#isQuiet = isQuiet;
    this.#isInPlace = stream.isTTY === true && !CI && TERM !== 'dumb';
  }

  show(event: DraftEvent): void {
    if (this.#isQuiet) return;
    switch (event.kind) {
      case 'begin':
        this.#scenes = event.scenes;
        this.#say(`Drafting facts of ${event.title} with ${event.model}, into ${event.path}`);
        break;
      case 'piece':
        if (!this.#isInPlace) break;
        this.#isLineOpen = true;
        messages.wipeLine();
        messages.text(`${event.scene}: part ${event.done + 1} of ${event.total}`);
        break;
      case 'scene': {
        this.#seen++;
        const { scene, kept, fallen, isDone } = event;
        const what = isDone ? 'done before' : `${kept} facts kept, ${fallen.length} not`;
        this.#say(`${scene}: ${what} (${this.#seen} of ${this.#scenes} scenes)`);
        break;
      }
      case 'end':
        this[Symbol.dispose]();
        break;
    }
  }

  [Symbol.dispose](): void {
    if (this.#isLineOpen) messages.wipeLine();
    this.#isLineOpen = false;
  }

  #say(line: string): void {
    this[Symbol.dispose]();
    messages.line(line);
  }
}
