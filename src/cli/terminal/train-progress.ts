import type { TrainingEvent } from '../../train/training.ts';
import { messages } from './output.ts';
import { StepBar } from './step-bar.ts';
import { runningMean, StepPace } from './step-pace.ts';

/** How training goes, on stderr. */
export class TrainProgress implements Disposable {
  readonly #bar: StepBar;
  #steps = 0;
  #step = 0;
  #loss: number | undefined;
  #dev: number | undefined;
  #tokensPerSecond: number | undefined;
  readonly #pace = new StepPace();

  constructor(isQuiet: boolean) {
    this.#bar = new StepBar(isQuiet);
  }

  show(event: TrainingEvent): void {
    if (event.kind === 'start') {
      this.#steps = event.steps;
      for (const warning of event.warnings) messages.line(warning);
      this.#step = event.from;
      if (event.from > 0) messages.line(`Goes on from step ${event.from} of ${event.steps}.`);
    }
    if (event.kind === 'reference') {
      this.#refer(event);
      return;
    }
    if (event.kind === 'step') {
      this.#step = event.step;
      if (event.loss !== null) this.#loss = runningMean(this.#loss, event.loss);
      this.#tokensPerSecond = runningMean(this.#tokensPerSecond, event.tokens / event.seconds);
      this.#pace.add(event.seconds);
    }
    if (event.kind === 'dev') this.#dev = event.nll;
    if (event.kind === 'end' && this.#bar.display !== 'none') {
      this.#bar.clear();
      const best = event.best ? `; best at step ${event.best.step}, dev ${f(event.best.nll)}` : '';
      messages.line(`${event.why === 'early' ? 'Ended early' : 'Done'}${best}`);
      return;
    }
    this.#bar.show(this.#step, this.#steps, this.#text());
  }

  /** Says how to go on with a run that was ended, if it has come anywhere. */
  stopped(): void {
    if (this.#step === 0 || this.#step === this.#steps) return;
    this.#bar.clear();
    messages.line(
      `Stopped after step ${this.#step} of ${this.#steps}, which is kept: the same command with --resume goes on.`,
    );
  }

  [Symbol.dispose](): void {
    this.#bar[Symbol.dispose]();
  }

  #refer({ done, of }: { readonly done: number; readonly of: number }): void {
    const text = `Reading ${of} batches of pairs as they are before training`;
    // Once in lines, before the first of them.
    if (this.#bar.display === 'lines' && done === 0) messages.line(text);
    if (this.#bar.display !== 'bar') return;
    this.#bar.show(done, of, text);
    if (done === of - 1) this.#bar.clear();
  }

  /** Such as "34/159  loss 3.71  dev 3.86  512 tok/s  2 min left". */
  #text(): string {
    const { 0: loss, 1: dev } = [this.#loss, this.#dev].map((one) =>
      one === undefined ? '–' : f(one),
    );
    const speed = this.#pace.isKnown ? Math.round(this.#tokensPerSecond ?? 0) : '–';
    const left = this.#pace.left(this.#steps - this.#step);
    return `${this.#step}/${this.#steps}  loss ${loss}  dev ${dev}  ${speed} tok/s  ${left}`;
  }
}

const f = (value: number): string => value.toFixed(3);
