import type { WorkspaceEvent } from '../../workspace/workspace.ts';
import { Output } from './output.ts';
import { FetchProgress, standardError, type Terminal } from './progress.ts';

/**
 * Shows on stderr how far opening something has come: in place on a terminal, else a line for each thing that takes time.
 * After it is disposed of nothing more is written, so that an error's lines are the last.
 */
export class OpeningProgress implements Disposable {
  readonly #terminal: Terminal;
  readonly #output: Output;
  readonly #fetching: FetchProgress;
  readonly #isInPlace: boolean;
  /** What was announced by a line of its own. */
  readonly #announced = new Set<string>();
  #isLineOpen = false;
  #isEnded = false;

  constructor(terminal: Terminal = standardError) {
    this.#terminal = terminal;
    this.#output = new Output(() => terminal.stream);
    this.#fetching = new FetchProgress(terminal);
    const { CI, TERM } = terminal.env;
    this.#isInPlace = terminal.stream.isTTY === true && !CI && TERM !== 'dumb';
  }

  /** Says on a terminal what is begun, until anything else is shown: the first sign that a command is at work. */
  begin(what: string): void {
    if (!this.#isInPlace) return;
    this.#output.wipeLine();
    this.#output.text(`${what}…`);
    this.#isLineOpen = true;
  }

  /** Takes away the line that is shown, for who is about to write another. */
  clear(): void {
    this.#endLine();
  }

  readonly report = (event: WorkspaceEvent): void => {
    if (this.#isEnded) return;
    switch (event.kind) {
      case 'rebuild':
        this.#endLine();
        this.#output.line(`The index of ${event.title} is made anew: ${event.reason}`);
        break;
      case 'unkept':
        this.#endLine();
        this.#output.line(
          `What was read of ${event.title} could not be kept (${event.reason}), and is read again the next time.`,
        );
        break;
      case 'warning':
        this.#endLine();
        this.#output.line(event.text);
        break;
      case 'embed': {
        const { title, done, total } = event;
        const what = `Reading ${title} into memory`;
        this.#show(what, `${done} of ${total} passages`, `: ${total} passages`, done === total);
        break;
      }
      case 'control': {
        const what = `Reading what ${event.character} says and what others say`;
        this.#show(what, `${Math.round(100 * event.fraction)} %`, ', once', event.fraction === 1);
        break;
      }
      case 'fetch':
      case 'retry':
      case 'damaged':
      case 'skip':
      case 'wait':
      case 'settings':
      case 'verify':
      case 'convert':
      case 'done':
        this.#endLine();
        this.#fetching.report(event);
        break;
    }
  };

  [Symbol.dispose](): void {
    this.#isEnded = true;
    this.#fetching[Symbol.dispose]();
    this.#endLine();
  }

  /** @param once What the line says that stands in place of one that changes. */
  #show(what: string, progress: string, once: string, isOver: boolean): void {
    if (this.#isInPlace) {
      if (isOver) this.#endLine();
      else {
        this.#output.wipeLine();
        this.#output.text(`${what}: ${progress}`);
      }
      this.#isLineOpen = !isOver;
    } else if (!this.#announced.has(what) && !this.#terminal.env.CI) {
      this.#announced.add(what);
      this.#output.line(`${what}${once}`);
    }
  }

  #endLine(): void {
    if (this.#isLineOpen) this.#output.wipeLine();
    this.#isLineOpen = false;
  }
}
