import type { TrainingEvent } from '../../train/training.ts';
import { messages } from './output.ts';
import { StepBar } from './step-bar.ts';

/** Steps before which nobody knows how long the rest takes. */
const leastTimed = 2;
/** Weight of a step in the averages shown. */
const share = 0.1;

/** How training goes, on stderr. */
export class TrainProgress implements Disposable {
  readonly #bar: StepBar;
  #steps = 0;
  #step = 0;
  #loss: number | undefined;
  #dev: number | undefined;
  #tokensPerSecond: number | undefined;
  #secondsAStep: number | undefined;
  /** Steps of this process: a run that was ended and goes on has done others. */
  #timed = 0;

  constructor(isQuiet: boolean) {
    this.#bar = new StepBar(isQuiet);
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
    if (event.kind === 'end' && this.#bar.display !== 'none') {
      this.#bar.clear();
      const best = event.best ? `; best at step ${event.best.step}, dev ${f(event.best.nll)}` : '';
      messages.line(`${event.why === 'early' ? 'Ended early' : 'Done'}${best}`);
      return;
    }
    this.#bar.show(this.#step, this.#steps, this.#text());
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
