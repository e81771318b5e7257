import type { Recorded } from '../../stage/events.ts';
import type { StageNews } from '../../stage/stage.ts';
import type { StageState } from '../../stage/state.ts';
import { mannerOf } from '../../stage/view.ts';
import { messages, output } from '../terminal/output.ts';
import { paintFor } from '../terminal/paint.ts';
import { printable } from '../terminal/terminal-text.ts';
import { wrapHanging } from '../terminal/word-wrap.ts';
import { LiveLines } from './live-lines.ts';
import { PageText } from './page-text.ts';
import { type SceneLine, sceneLine, whoSpoke } from './scene-lines.ts';
import { type Standing, statusLine } from './status-line.ts';

const { stdout, stderr } = process;
const paint = paintFor(stdout);

/**
 * A scene on a terminal as a page of a play. What is said comes in at the end, above one line on how the scene stands; words
 * of a draft that is struck are taken away again.
 */
export class PageView implements Disposable {
  readonly #page = new PageText(paint, () => stdout.columns || 80);
  readonly #live = new LiveLines(output);
  /** Whether a line on how the scene stands is shown. */
  readonly #hasStatus: boolean;
  #state: StageState | undefined;
  #standing: Standing;
  /** Words of the turn that is spoken. */
  #words = '';
  #speaker: string | undefined;

  constructor(mode: 'played' | 'watched' | 'shown') {
    this.#hasStatus = mode !== 'shown';
    this.#standing = { struck: 0, isWatched: mode === 'watched' };
  }

  show(news: StageNews, state: StageState): void {
    this.#state = state;
    if (news.kind === 'text') {
      this.#speaker = news.who;
      this.#words += news.text;
    } else this.#take(news.event, state);
    this.draw();
  }

  /** A sentence beside the scene. */
  note(text: string): void {
    this.#live.clear();
    const width = (stderr.columns || stdout.columns || 80) - 1;
    messages.line(paint('dim', wrapHanging(printable(text), width)));
    this.draw();
  }

  /** Says on the status line what is to happen after the turn. */
  announce(later: string | undefined): void {
    this.#standing = { ...this.#standing, later };
    this.draw();
  }

  /** Draws what may change: the words that come, and how the scene stands. */
  draw(): void {
    const status = this.#state && !this.#state.end ? [this.#status(this.#state)] : [];
    this.#live.draw([...this.#spoken(), ...(this.#hasStatus ? status : [])]);
  }

  /** Takes them away, for who is about to write there. */
  clear(): void {
    this.#live.clear();
  }

  [Symbol.dispose](): void {
    this.clear();
  }

  #take(event: Recorded, state: StageState): void {
    if (event.kind === 'next') this.#standing = { ...this.#standing, struck: 0, view: undefined };
    if (event.kind === 'view') this.#standing = { ...this.#standing, view: event };
    if (event.kind === 'struck')
      this.#standing = { ...this.#standing, struck: this.#standing.struck + 1 };
    if (event.kind === 'struck' || event.kind === 'turn') this.#words = '';
    const line = sceneLine(event, (n) => whoSpoke(state, n));
    if (line) this.#live.print([...this.#page.lines(line), '']);
  }

  #spoken(): readonly string[] {
    const who = this.#speaker;
    if (who === undefined || this.#words === '') return [];
    const { to } = this.#state?.choice ?? {};
    const text = this.#words.replaceAll(/\s+/g, ' ').trim();
    const line: SceneLine = { kind: 'turn', who, manner: mannerOf({ to }), text };
    return [...this.#page.lines(line), ''];
  }

  #status(state: StageState): string {
    return paint('dim', statusLine(state, this.#standing, (stdout.columns || 80) - 1));
  }
}
