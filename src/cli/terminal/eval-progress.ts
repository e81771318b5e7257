import { Presets, SingleBar } from 'cli-progress';
import type { EvalProgress as Progress } from '../../eval/run/evaluate.ts';
import type { KeptRunEvent } from '../../workspace/runs/eval-run.ts';
import { faultText } from './fault-text.ts';
import type { OpeningProgress } from './opening-progress.ts';
import { messages } from './output.ts';

const plainEveryMs = 30_000;

/** How far an evaluation has come, on stderr: a bar on a terminal, else a line every half minute; nothing under CI. */
export class EvalProgress implements Disposable {
  readonly #start = performance.now();
  readonly #display: 'bar' | 'lines' | 'none';
  #bar: SingleBar | undefined;
  #shownAt = this.#start;
  /** The share done when the first report came: what an earlier run had done. */
  #first: number | undefined;

  readonly #opening: OpeningProgress | undefined;

  /** @param opening What is shown of opening things, which ends with the first report; it stays the caller's to dispose of. */
  constructor(opening?: OpeningProgress) {
    this.#opening = opening;
    const isPlain = !process.stderr.isTTY || process.env.TERM === 'dumb';
    this.#display = process.env.CI ? 'none' : isPlain ? 'lines' : 'bar';
  }

  readonly report = (progress: Progress): void => {
    this.#opening?.[Symbol.dispose]();
    this.#first ??= progress.fraction;
    if (this.#display === 'bar') this.#draw(progress);
    const now = performance.now();
    if (this.#display !== 'lines' || now - this.#shownAt < plainEveryMs) return;
    this.#shownAt = now;
    messages.line(this.#text(progress));
  };

  /** What every run reports that keeps its answers. */
  kept(event: KeptRunEvent): void {
    switch (event.kind) {
      case 'progress':
        this.report(event);
        break;
      case 'fault':
        this.say(faultText(event.path, event.fault));
        break;
      case 'resumed':
        this.say(
          `going on with a run that was cut: ${event.units} units are there (--fresh begins anew)`,
        );
        break;
    }
  }

  /** Prints a line, which a bar would be drawn over. */
  say(line: string): void {
    this[Symbol.dispose]();
    messages.line(line);
  }

  [Symbol.dispose](): void {
    this.#opening?.clear();
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #draw(progress: Progress): void {
    if (!this.#bar) {
      this.#bar = new SingleBar(
        {
          stream: process.stderr,
          format: '{bar} {text}',
          barsize: 24,
          hideCursor: true,
          clearOnComplete: true,
          linewrap: false,
        },
        Presets.shades_classic,
      );
      this.#bar.start(1000, 0, { text: '' });
    }
    this.#bar.update(Math.round(1000 * progress.fraction), { text: this.#text(progress) });
  }

  /** Such as "34 %  cue, base: 12 of 62  2 min 10 s left". */
  #text({ task, row, done, total, fraction }: Progress): string {
    const since = (performance.now() - this.#start) / 1000;
    const share = fraction - this.#first!;
    const left = share > 0 ? (since * (1 - fraction)) / share : Number.NaN;
    const eta = Number.isFinite(left) ? `  ${duration(left)} left` : '';
    return `${Math.floor(100 * fraction)} %  ${task}, ${row}: ${done} of ${total}${eta}`;
  }
}

/** "45 s", "2 min 10 s", "1 h 5 min". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}
