import type { TrainingEvent } from './training.ts';

/** Adds up how fast the steps of a run are. */
export class StepRate {
  #tokens = 0;
  #seconds = 0;

  add(event: TrainingEvent): void {
    if (event.kind !== 'step') return;
    this.#tokens += event.tokens;
    this.#seconds += event.seconds;
  }

  /** Tokens read a second, over all steps so far; undefined before the first. */
  get tokensPerSecond(): number | undefined {
    return this.#seconds > 0 && this.#tokens > 0 ? this.#tokens / this.#seconds : undefined;
  }
}
