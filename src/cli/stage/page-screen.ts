import type { StageNews } from '../../stage/stage.ts';
import type { StageState } from '../../stage/state.ts';
import { takeInterrupts } from '../interrupt.ts';
import { PageView } from './page-view.ts';
import type { StageScreen } from './stage-screen.ts';
import { TerminalKeys } from './terminal-keys.ts';
import { announced, type Wish, wishOf } from './wishes.ts';

/** A scene on a terminal, with the keys by which a person takes part. */
export class PageScreen implements StageScreen {
  readonly #view = new PageView('played');
  readonly #keys: TerminalKeys;
  readonly #interrupts: Disposable;
  readonly #resized = (): void => this.#view.draw();
  #wish: Wish | undefined;
  #waiting: ((wish: Wish) => void) | undefined;
  #stop: (() => void) | undefined;

  constructor() {
    this.#keys = new TerminalKeys((key) => this.#take(wishOf(key)));
    this.#interrupts = takeInterrupts(() => this.#take({ kind: 'interrupt' })); // of another process
    process.stdout.on('resize', this.#resized);
  }

  show(news: StageNews, state: StageState): void {
    this.#view.show(news, state);
  }

  note(text: string): void {
    this.#view.note(text);
  }

  ask(who: string): Promise<string | undefined> {
    return this.edit(`${who}, you speak: `);
  }

  /** A line that a person edits; undefined if they think better of it. */
  async edit(label: string, given?: string): Promise<string | undefined> {
    this.#view.clear();
    try {
      return await this.#keys.line(label, given);
    } finally {
      this.#view.draw();
    }
  }

  /** What was wanted while something else went on, the last of it; undefined if nothing was. */
  taken(): Wish | undefined {
    const wish = this.#wish;
    this.#wish = undefined;
    this.#view.announce(undefined);
    return wish;
  }

  /** What a person wants now that nothing goes on. */
  wanted(): Promise<Wish> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** Lets Ctrl-C call `stop`, until it is disposed of. */
  stoppable(stop: () => void): Disposable {
    this.#stop = stop;
    return {
      [Symbol.dispose]: () => {
        this.#stop = undefined;
      },
    };
  }

  [Symbol.dispose](): void {
    process.stdout.off('resize', this.#resized);
    this.#view[Symbol.dispose]();
    this.#interrupts[Symbol.dispose]();
    this.#keys[Symbol.dispose]();
  }

  #take(wish: Wish | undefined): void {
    if (!wish) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting(wish);
    else if (wish.kind === 'interrupt' && this.#stop) this.#stop();
    else {
      this.#wish = wish;
      this.#view.announce(announced[wish.kind]);
    }
  }
}
