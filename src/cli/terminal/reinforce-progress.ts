import type { ReinforcingEvent } from '../../reinforce/reinforcing.ts';
import { RewardBar } from './reward-bar.ts';

/** How a run of `reinforce choice` goes, on stderr. */
export class ReinforceProgress implements Disposable {
  readonly #bar: RewardBar;
  #drift = 0;

  constructor(isQuiet: boolean) {
    this.#bar = new RewardBar(isQuiet);
  }

  show(event: ReinforcingEvent): void {
    switch (event.kind) {
      case 'start':
        this.#bar.start(event);
        return;
      case 'reference':
        this.#bar.prepare(event.done, event.of, 'questions without their pages');
        return;
      case 'step':
        this.#bar.step(event, event.reward);
        break;
      case 'look':
        this.#bar.shadow = event.reward;
        this.#drift = event.drift;
        break;
      case 'end':
        this.#bar.end(endings[event.why], event.best);
        return;
      case 'checkpoint':
        return;
    }
    // Such as "34/200  reward 0.61  shadow 0.58  drift 0.02  9 min left": it fits 80 columns beside the bar.
    this.#bar.show(`drift ${this.#drift.toFixed(2)}`);
  }

  [Symbol.dispose](): void {
    this.#bar[Symbol.dispose]();
  }
}

const endings = { done: 'Done', early: 'Ended early', time: 'Time is over' };
