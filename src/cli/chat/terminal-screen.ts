import { createInterface, emitKeypressEvents, type Interface, type Key } from 'node:readline';
import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { takeInterrupts } from '../interrupt.ts';
import { output } from '../terminal/output.ts';
import { paintFor } from '../terminal/paint.ts';
import { printable } from '../terminal/terminal-text.ts';
import { WordWrap, wrapHanging } from '../terminal/word-wrap.ts';
import { completeChatCommand } from './chat-commands.ts';
import type { InputHistory } from './input-history.ts';
import { MessageLines } from './message-lines.ts';
import type { Input, Screen } from './screen.ts';

const stdout = process.stdout;
const paint = paintFor(stdout);

/** Keys that follow a line within this time were not typed: a terminal that cannot mark a paste sends it as keys. */
const pasteMs = 20;

/** A line sent with Enter, or one of a paste. */
interface SentLine {
  readonly kind: 'line';
  readonly text: string;
  /** When it came, in milliseconds since the process started. */
  readonly at: number;
  /** Whether more of the same paste follows. */
  isPasted: boolean;
}

type Sent = SentLine | Exclude<Input, { readonly kind: 'line' }>;

/**
 * A conversation on a terminal: a line editor with history, answers broken at the terminal's width.
 *
 * The editor listens all the time, so that Ctrl-C is seen during an answer and lines typed ahead are
 * not lost, but writes only while it asks.
 */
export class TerminalScreen implements Screen {
  readonly #editor: Interface;
  readonly #history: InputHistory;
  readonly #output: MutedOutput;
  readonly #interrupts: Disposable;
  /** Lines typed while an answer was spoken. */
  readonly #ahead: SentLine[] = [];
  #waiting: ((input: Sent) => void) | undefined;
  /** Whether the keys that come are of a paste that the terminal marks. */
  #isPasting = false;
  #lastLine: SentLine | undefined;
  #stop: (() => void) | undefined;
  #closed = false;
  #wrap = new WordWrap(Number.POSITIVE_INFINITY);

  private constructor(history: InputHistory, lines: string[]) {
    this.#history = history;
    this.#output = new MutedOutput();
    // Before the editor's own listener: a key is known to be pasted before it is a line.
    emitKeypressEvents(process.stdin);
    process.stdin.on('keypress', this.#watchPaste);
    output.markPastes(true);
    this.#editor = createInterface({
      input: process.stdin,
      output: this.#output,
      terminal: true,
      history: lines,
      historySize: 500,
      removeHistoryDuplicates: true,
      completer: completeChatCommand,
    });
    this.#editor.on('line', (text) => this.#send(text));
    this.#editor.on('SIGINT', () => this.#interrupt());
    this.#editor.on('close', () => {
      this.#closed = true;
      this.#answer({ kind: 'end' });
    });
    this.#interrupts = takeInterrupts(() => this.#interrupt()); // one that comes from another process
  }

  static async open(history: InputHistory): Promise<TerminalScreen> {
    return new TerminalScreen(history, await history.read());
  }

  async ask(): Promise<Input> {
    const message = new MessageLines();
    for (let prompt = '> '; ; prompt = '… ') {
      const input = await this.#line(prompt);
      if (input.kind !== 'line') return input;
      await delay(Math.max(0, input.at + pasteMs - performance.now()));
      if (!message.add(input.text, input.isPasted)) continue;
      await this.#history.add(message.text);
      return { kind: 'line', text: message.text };
    }
  }

  note(text: string): void {
    output.line(paint('dim', wrapHanging(printable(text), this.#width)));
  }

  begin(name: string): void {
    const label = `${printable(name)}: `;
    output.text(paint('bold', label));
    this.#wrap = new WordWrap(() => this.#width, label.length);
  }

  write(text: string): void {
    output.text(this.#wrap.push(printable(text)));
  }

  end(mark: string | undefined): void {
    output.line(`${this.#wrap.end()}${mark ? paint('dim', ` ${mark}`) : ''}\n`);
  }

  stoppable(stop: () => void): Disposable {
    this.#stop = stop;
    return {
      [Symbol.dispose]: () => {
        this.#stop = undefined;
      },
    };
  }

  [Symbol.dispose](): void {
    this.#interrupts[Symbol.dispose]();
    this.#editor.close();
    process.stdin.off('keypress', this.#watchPaste);
    output.markPastes(false);
    process.stdin.pause();
  }

  /** One column is left free: a terminal that wraps by itself at the last one would add an empty line. */
  get #width(): number {
    return Math.max(20, (stdout.columns ?? 80) - 1);
  }

  #line(prompt: string): Promise<Sent> {
    const ahead = this.#ahead.shift();
    if (ahead !== undefined) {
      output.line(`${prompt}${printable(ahead.text)}`);
      return Promise.resolve(ahead);
    }
    if (this.#closed) return Promise.resolve({ kind: 'end' });
    this.#output.muted = false;
    this.#editor.setPrompt(prompt);
    this.#editor.prompt(true); // the cursor stays behind what was typed ahead
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  readonly #watchPaste = (_: string | undefined, key: Key | undefined): void => {
    if (key?.name === 'paste-start') this.#isPasting = true;
    else if (key?.name === 'paste-end') this.#isPasting = false;
    else if (this.#lastLine && performance.now() - this.#lastLine.at < pasteMs)
      this.#lastLine.isPasted = true;
  };

  #send(text: string): void {
    this.#lastLine = { kind: 'line', text, at: performance.now(), isPasted: this.#isPasting };
    this.#answer(this.#lastLine);
  }

  #answer(input: Sent): void {
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      if (input.kind !== 'line') output.text('\n');
      this.#output.muted = true;
      waiting(input);
    } else if (input.kind === 'line') this.#ahead.push(input);
    else this.#stop?.();
  }

  #interrupt(): void {
    if (!this.#waiting) {
      this.#stop?.();
      return;
    }
    // Ctrl-U and Ctrl-K: what was typed and not sent is dropped with it.
    this.#editor.write(null, { ctrl: true, name: 'u' });
    this.#editor.write(null, { ctrl: true, name: 'k' });
    this.#answer({ kind: 'interrupt' });
  }
}

/** The terminal, for an editor that must keep still while an answer is written. */
class MutedOutput extends Writable {
  muted = true;
  readonly isTTY = true;

  constructor() {
    super({ decodeStrings: false });
    stdout.on('resize', () => this.emit('resize'));
  }

  get columns(): number {
    return stdout.columns ?? 80;
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    if (!this.muted) output.echo(text);
    done();
  }
}
