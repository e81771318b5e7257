import { Presets, SingleBar } from 'cli-progress';
import type { TrainingEvent } from '../../train/training.ts';
import { messages } from './output.ts';

const plainEveryMs = 10_000;
/** Steps before which nobody knows how long the rest takes. */
const leastTimed = 2;
/** Weight of a step in the averages shown. */
const share = 0.1;

/** How training goes, on stderr: a bar on a terminal, else a line every ten seconds; nothing under CI or `--json`. */
export class TrainProgress implements Disposable {
  readonly #display: 'bar' | 'lines' | 'none';
  #bar: SingleBar | undefined;
  #steps = 0;
  #step = 0;
  #loss: number | undefined;
  #dev: number | undefined;
  #tokensPerSecond: number | undefined;
  #secondsAStep: number | undefined;
  #shownAt = 0;
  /** Steps of this process: a run that was ended and goes on has done others. */
  #timed = 0;

  constructor(isQuiet: boolean) {
    const isPlain = !process.stderr.isTTY || process.env.TERM === 'dumb';
    this.#display = isQuiet || process.env.CI ? 'none' : isPlain ? 'lines' : 'bar';
  }

  show(event: TrainingEvent): void {
    if (event.kind === 'start') {
      this.#steps = event.steps;
      for (const warning of event.warnings) messages.line(warning);
      if (event.from > 0) messages.line(`Goes on from step ${event.from} of ${event.steps}.`);
    }
    if (event.kind === 'reference') {
      this.#refer(event);
      return;
    }
    if (event.kind === 'step') {
      this.#step = event.step;
      this.#timed++;
      if (event.loss !== null) this.#loss = mean(this.#loss, event.loss);
      this.#tokensPerSecond = mean(this.#tokensPerSecond, event.tokens / event.seconds);
      this.#secondsAStep = mean(this.#secondsAStep, event.seconds);
    }
    if (event.kind === 'dev') this.#dev = event.nll;
    if (event.kind === 'end' && this.#display !== 'none') {
      this.#bar?.stop();
      this.#bar = undefined;
      const best = event.best ? `; best at step ${event.best.step}, dev ${f(event.best.nll)}` : '';
      messages.line(`${event.why === 'early' ? 'Ended early' : 'Done'}${best}`);
      return;
    }
    this.#draw();
  }

  [Symbol.dispose](): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #refer({ done, of }: { readonly done: number; readonly of: number }): void {
    if (this.#display === 'none' || (this.#display === 'lines' && done > 0)) return;
    const text = `Reading ${of} batches of pairs as they are before training`;
    if (this.#display === 'lines') messages.line(text);
    else {
      this.#bar ??= startedBar(of);
      this.#bar.update(done, { text });
    }
    if (done < of - 1) return;
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #draw(): void {
    if (this.#display === 'bar') {
      this.#bar ??= startedBar(this.#steps);
      this.#bar.update(this.#step, { text: this.#text() });
    }
    const now = performance.now();
    if (this.#display !== 'lines' || this.#step === 0 || now - this.#shownAt < plainEveryMs) return;
    this.#shownAt = now;
    messages.line(this.#text());
  }

  /** Such as "34/159  loss 3.71  dev 3.86  512 tok/s  2 min left". */
  #text(): string {
    const { 0: loss, 1: dev } = [this.#loss, this.#dev].map((one) =>
      one === undefined ? '–' : f(one),
    );
    const left = Math.round((this.#steps - this.#step) * (this.#secondsAStep ?? 0));
    // One step tells nothing: the first also fills caches.
    const isKnown = this.#timed >= leastTimed;
    const eta = isKnown ? (left < 90 ? `${left} s` : `${Math.round(left / 60)} min`) : '–';
    const speed = isKnown ? Math.round(this.#tokensPerSecond ?? 0) : '–';
    return `${this.#step}/${this.#steps}  loss ${loss}  dev ${dev}  ${speed} tok/s  ${eta} left`;
  }
}

const f = (value: number): string => value.toFixed(3);

function mean(before: number | undefined, value: number): number {
  return before === undefined ? value : before + share * (value - before);
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
