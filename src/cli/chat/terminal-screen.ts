import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { takeInterrupts } from '../interrupt.ts';
import { paintFor } from '../terminal/paint.ts';
import { printable } from '../terminal/terminal-text.ts';
import { WordWrap, wrap } from '../terminal/word-wrap.ts';
import { completeChatCommand } from './chat-commands.ts';
import type { InputHistory } from './input-history.ts';
import type { Input, Screen } from './screen.ts';

const stdout = process.stdout;
const paint = paintFor(stdout);

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
  readonly #ahead: string[] = [];
  #waiting: ((input: Input) => void) | undefined;
  #stop: (() => void) | undefined;
  #closed = false;
  #wrap = new WordWrap(Number.POSITIVE_INFINITY);

  private constructor(history: InputHistory, lines: string[]) {
    this.#history = history;
    this.#output = new MutedOutput();
    this.#editor = createInterface({
      input: process.stdin,
      output: this.#output,
      terminal: true,
      history: lines,
      historySize: 500,
      removeHistoryDuplicates: true,
      completer: completeChatCommand,
    });
    this.#editor.on('line', (text) => this.#answer({ kind: 'line', text }));
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
    let text = '';
    for (let prompt = '> '; ; prompt = '… ') {
      const input = await this.#line(prompt);
      if (input.kind !== 'line') return input;
      if (!input.text.endsWith('\\')) {
        await this.#history.add(text + input.text);
        return { kind: 'line', text: text + input.text };
      }
      text += `${input.text.slice(0, -1)}\n`;
    }
  }

  note(text: string): void {
    stdout.write(`${paint('dim', wrap(printable(text), this.#width))}\n`);
  }

  begin(name: string): void {
    const label = `${printable(name)}: `;
    stdout.write(paint('bold', label));
    this.#wrap = new WordWrap(this.#width, label.length);
  }

  write(text: string): void {
    stdout.write(this.#wrap.push(printable(text)));
  }

  end(mark: string | undefined): void {
    stdout.write(`${this.#wrap.end()}${mark ? paint('dim', ` ${mark}`) : ''}\n\n`);
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
    process.stdin.pause();
  }

  /** One column is left free: a terminal that wraps by itself at the last one would add an empty line. */
  get #width(): number {
    return Math.max(20, (stdout.columns ?? 80) - 1);
  }

  #line(prompt: string): Promise<Input> {
    const ahead = this.#ahead.shift();
    if (ahead !== undefined) {
      stdout.write(`${prompt}${printable(ahead)}\n`);
      return Promise.resolve({ kind: 'line', text: ahead });
    }
    if (this.#closed) return Promise.resolve({ kind: 'end' });
    this.#output.muted = false;
    this.#editor.setPrompt(prompt);
    this.#editor.prompt();
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  #answer(input: Input): void {
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      if (input.kind !== 'line') stdout.write('\n');
      this.#output.muted = true;
      waiting(input);
    } else if (input.kind === 'line') this.#ahead.push(input.text);
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
    if (!this.muted) stdout.write(text);
    done();
  }
}
