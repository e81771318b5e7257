import type { LearningEvent } from '../../reinforce/replies/learning-replies.ts';
import { RewardBar } from './reward-bar.ts';

/** How a run of `reinforce replies` goes, on stderr. */
export class LearningProgress implements Disposable {
  readonly #bar: RewardBar;
  #kl = 0;
  #words = 0;

  constructor(isQuiet: boolean) {
    this.#bar = new RewardBar(isQuiet);
  }

  show(event: LearningEvent): void {
    switch (event.kind) {
      case 'start':
        this.#bar.start(event);
        return;
      case 'step':
        this.#bar.step(event, event.figures.reward ?? 0);
        this.#kl = event.figures.kl ?? 0;
        this.#words = event.figures.words ?? 0;
        break;
      case 'look':
        this.#bar.shadow = event.figures.reward;
        break;
      case 'end':
        this.#bar.end(endingOf(event), event.best);
        return;
      case 'replies':
      case 'checkpoint':
        return;
    }
    // Such as "34/200  reward 0.41  shadow 0.38  KL 0.9  21 words  9 min left".
    this.#bar.show(`KL ${this.#kl.toFixed(1)}`, `${this.#words.toFixed(0)} words`);
  }

  [Symbol.dispose](): void {
    this.#bar[Symbol.dispose]();
  }
}

const endingOf = ({ why, rule }: Extract<LearningEvent, { kind: 'end' }>): string =>
  ({
    done: 'Done',
    early: 'Ended early: the shadow got no better',
    time: 'Time is over',
    rule: `Ended by the rule "${rule?.rule}": ${rule?.says}`,
  })[why];
