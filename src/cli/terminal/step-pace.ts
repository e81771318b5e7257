/** Steps before which nobody knows how long the rest takes: the first also fills caches. */
const leastTimed = 2;
/** Weight of a step in the averages shown. */
const share = 0.1;

/** The average of what was and what is now, in which later steps count more. */
export function runningMean(before: number | undefined, value: number): number {
  return before === undefined ? value : before + share * (value - before);
}

/** How fast the steps of this process go: a run that was ended and goes on has done others. */
export class StepPace {
  #secondsAStep: number | undefined;
  #timed = 0;

  add(seconds: number): void {
    this.#timed++;
    this.#secondsAStep = runningMean(this.#secondsAStep, seconds);
  }

  get isKnown(): boolean {
    return this.#timed >= leastTimed;
  }

  /** How long so many steps take, such as "9 min left". */
  left(steps: number): string {
    if (!this.isKnown) return '– left';
    const seconds = Math.round(steps * (this.#secondsAStep ?? 0));
    return `${seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} left`;
  }
}
