import { createInterface, emitKeypressEvents, type Key } from 'node:readline';
import { output } from '../terminal/output.ts';

const { stdin, stdout } = process;

/** A key that was pressed: a character as it was typed, or a name such as "ctrl-c" or "space". */
export type KeyName = string;

/** Reads single keys of a terminal, and whole lines when they are asked for. */
export class TerminalKeys implements Disposable {
  readonly #take: (key: KeyName) => void;
  #isEditing = false;

  /** @param take Called with each key that is no part of a line. */
  constructor(take: (key: KeyName) => void) {
    this.#take = take;
    emitKeypressEvents(stdin);
    stdin.on('keypress', this.#pressed);
    stdin.setRawMode(true);
    stdin.resume();
  }

  /**
   * A line that a person edits, without its end; what was shown of it is wiped. Undefined after Ctrl-C or Ctrl-D.
   *
   * @param given Words that stand there to be changed.
   */
  async line(label: string, given = ''): Promise<string | undefined> {
    this.#isEditing = true;
    const editor = createInterface({ input: stdin, output: stdout, terminal: true });
    try {
      const text = await new Promise<string | undefined>((resolve) => {
        editor.on('line', resolve);
        editor.on('SIGINT', () => resolve(undefined));
        editor.on('close', () => resolve(undefined));
        editor.setPrompt(label);
        editor.prompt();
        if (given !== '') editor.write(given);
      });
      const rows = Math.ceil(([...label, ...(text ?? editor.line)].length + 1) / columnsNow());
      const isSent = text !== undefined;
      output.wipeUp(isSent ? rows : rows - 1);
      return text;
    } finally {
      editor.close();
      stdin.setRawMode(true);
      stdin.resume();
      this.#isEditing = false;
    }
  }

  [Symbol.dispose](): void {
    stdin.off('keypress', this.#pressed);
    stdin.setRawMode(false);
    stdin.pause();
  }

  readonly #pressed = (text: string | undefined, key: Key | undefined): void => {
    if (this.#isEditing) return;
    const { name, ctrl, meta } = key ?? {};
    if (ctrl && name !== undefined) this.#take(`ctrl-${name}`);
    else if (name === 'space') this.#take('space');
    else if (!meta && text !== undefined) this.#take(text);
  };
}

const columnsNow = (): number => stdout.columns || 80;
