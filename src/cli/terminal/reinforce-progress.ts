import type { ReinforcingEvent } from '../../reinforce/reinforcing.ts';
import { messages } from './output.ts';
import { StepBar } from './step-bar.ts';
import { runningMean, StepPace } from './step-pace.ts';

/** How a run of reinforcement goes, on stderr. */
export class ReinforceProgress implements Disposable {
  readonly #bar: StepBar;
  #steps = 0;
  #step = 0;
  #reward: number | undefined;
  #shadow: number | undefined;
  #drift = 0;
  readonly #pace = new StepPace();

  constructor(isQuiet: boolean) {
    this.#bar = new StepBar(isQuiet);
  }

  show(event: ReinforcingEvent): void {
    switch (event.kind) {
      case 'start':
        this.#bar.clear();
        this.#steps = event.steps;
        for (const warning of event.warnings) messages.line(warning);
        if (event.from > 0) messages.line(`Goes on from step ${event.from} of ${event.steps}.`);
        return;
      case 'reference':
        this.#bar.show(
          event.done,
          event.of,
          `questions without their pages ${event.done}/${event.of}`,
        );
        return;
      case 'step':
        this.#step = event.step;
        this.#reward = runningMean(this.#reward, event.reward);
        this.#pace.add(event.seconds);
        break;
      case 'look':
        this.#shadow = event.reward;
        this.#drift = event.drift;
        break;
      case 'end':
        this.#bar.clear();
        if (this.#bar.display !== 'none') messages.line(endText(event));
        return;
      case 'checkpoint':
        return;
    }
    this.#bar.show(this.#step, this.#steps, this.#text());
  }

  [Symbol.dispose](): void {
    this.#bar[Symbol.dispose]();
  }

  /** Such as "34/200  reward 0.61  shadow 0.58  drift 0.02  9 min left": it fits 80 columns beside the bar. */
  #text(): string {
    const words = [
      `${this.#step}/${this.#steps}`,
      `reward ${shown(this.#reward)}`,
      `shadow ${shown(this.#shadow)}`,
      `drift ${this.#drift.toFixed(2)}`,
      this.#pace.left(this.#steps - this.#step),
    ];
    return words.join('  ');
  }
}

function endText({ why, best }: Extract<ReinforcingEvent, { kind: 'end' }>): string {
  const how = { done: 'Done', early: 'Ended early', time: 'Time is over' }[why];
  return `${how}${best ? `; best at step ${best.step}, shadow ${best.reward.toFixed(3)}` : ''}`;
}

const shown = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2));
