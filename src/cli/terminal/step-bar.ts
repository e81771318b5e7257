import { Presets, SingleBar } from 'cli-progress';
import { messages } from './output.ts';

const plainEveryMs = 10_000;

/** How far a run of steps is, on stderr: a bar on a terminal, else a line every ten seconds; nothing under CI or `--json`. */
export class StepBar implements Disposable {
  readonly display: 'bar' | 'lines' | 'none';
  #bar: SingleBar | undefined;
  #shownAt = 0;

  constructor(isQuiet: boolean) {
    const isPlain = !process.stderr.isTTY || process.env.TERM === 'dumb';
    this.display = isQuiet || process.env.CI ? 'none' : isPlain ? 'lines' : 'bar';
  }

  /** @param step So many are done; 0 shows nothing where there is no bar. */
  show(step: number, steps: number, text: string): void {
    if (this.display === 'bar') {
      this.#bar ??= startedBar(steps);
      this.#bar.update(step, { text });
    }
    const now = performance.now();
    if (this.display !== 'lines' || step === 0 || now - this.#shownAt < plainEveryMs) return;
    this.#shownAt = now;
    messages.line(text);
  }

  /** Takes the bar away; the next `show` begins another. */
  clear(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}

function startedBar(steps: number): SingleBar {
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: '{bar} {text}',
      barsize: 20,
      hideCursor: true,
      clearOnComplete: true,
      linewrap: false,
    },
    Presets.shades_classic,
  );
  bar.start(steps, 0, { text: '' });
  return bar;
}
