import type { LearningEvent } from '../../reinforce/replies/learning-replies.ts';
import { messages } from './output.ts';
import { StepBar } from './step-bar.ts';
import { runningMean, StepPace } from './step-pace.ts';

/** How a run of learning from replies goes, on stderr. */
export class LearningProgress implements Disposable {
  readonly #bar: StepBar;
  #steps = 0;
  #step = 0;
  #reward: number | undefined;
  #shadow: number | undefined;
  #kl = 0;
  #words = 0;
  readonly #pace = new StepPace();

  constructor(isQuiet: boolean) {
    this.#bar = new StepBar(isQuiet);
  }

  show(event: LearningEvent): void {
    switch (event.kind) {
      case 'start':
        this.#bar.clear();
        this.#steps = event.steps;
        for (const warning of event.warnings) messages.line(warning);
        if (event.from > 0) messages.line(`Goes on from step ${event.from} of ${event.steps}.`);
        return;
      case 'step':
        this.#step = event.step;
        this.#reward = runningMean(this.#reward, event.figures.reward ?? 0);
        this.#kl = event.figures.kl ?? 0;
        this.#words = event.figures.words ?? 0;
        this.#pace.add(event.seconds);
        break;
      case 'look':
        this.#shadow = event.figures.reward;
        break;
      case 'end':
        this.#bar.clear();
        if (this.#bar.display !== 'none') messages.line(endText(event));
        return;
      case 'replies':
      case 'checkpoint':
        return;
    }
    this.#bar.show(this.#step, this.#steps, this.#text());
  }

  [Symbol.dispose](): void {
    this.#bar[Symbol.dispose]();
  }

  /** Such as "34/200  reward 0.41  shadow 0.38  KL 0.9  21 words  9 min left". */
  #text(): string {
    const words = [
      `${this.#step}/${this.#steps}`,
      `reward ${shown(this.#reward)}`,
      `shadow ${shown(this.#shadow)}`,
      `KL ${this.#kl.toFixed(1)}`,
      `${this.#words.toFixed(0)} words`,
      this.#pace.left(this.#steps - this.#step),
    ];
    return words.join('  ');
  }
}

function endText({ why, rule, best }: Extract<LearningEvent, { kind: 'end' }>): string {
  const how = {
    done: 'Done',
    early: 'Ended early: the shadow got no better',
    time: 'Time is over',
    rule: `Ended by the rule "${rule?.rule}": ${rule?.says}`,
  }[why];
  return `${how}${best ? `; best at step ${best.step}, shadow ${best.reward.toFixed(3)}` : ''}`;
}

const shown = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2));
