import { messages } from './output.ts';
import { StepBar } from './step-bar.ts';
import { runningMean, StepPace } from './step-pace.ts';

/** How a run that learns from rewards goes, on stderr: rewards of what is learned and of the shadow, and the time that is left. */
export class RewardBar implements Disposable {
  readonly #bar: StepBar;
  #steps = 0;
  #step = 0;
  #reward: number | undefined;
  readonly #pace = new StepPace();
  /** Reward of what is never learned, once it was asked. */
  shadow: number | undefined;

  constructor(isQuiet: boolean) {
    this.#bar = new StepBar(isQuiet);
  }

  start({ steps, from, warnings }: RunStart): void {
    this.#bar.clear();
    this.#steps = steps;
    for (const warning of warnings) messages.line(warning);
    if (from > 0) messages.line(`Goes on from step ${from} of ${steps}.`);
  }

  /** What goes before the first step: so much of it is done. */
  prepare(done: number, of: number, what: string): void {
    this.#bar.show(done, of, `${what} ${done}/${of}`);
  }

  step(
    { step, seconds }: { readonly step: number; readonly seconds: number },
    reward: number,
  ): void {
    this.#step = step;
    this.#reward = runningMean(this.#reward, reward);
    this.#pace.add(seconds);
  }

  /** @param figures What else is told of the run, such as "drift 0.02". */
  show(...figures: readonly string[]): void {
    const words = [
      `${this.#step}/${this.#steps}`,
      `reward ${shown(this.#reward)}`,
      `shadow ${shown(this.shadow)}`,
      ...figures,
      this.#pace.left(this.#steps - this.#step),
    ];
    this.#bar.show(this.#step, this.#steps, words.join('  '));
  }

  /** @param how Why the run is over. */
  end(how: string, best: { readonly step: number; readonly reward: number } | undefined): void {
    this.#bar.clear();
    if (this.#bar.display === 'none') return;
    messages.line(
      `${how}${best ? `; best at step ${best.step}, shadow ${best.reward.toFixed(3)}` : ''}`,
    );
  }

  [Symbol.dispose](): void {
    this.#bar[Symbol.dispose]();
  }
}

interface RunStart {
  readonly steps: number;
  readonly from: number;
  readonly warnings: readonly string[];
}

const shown = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(2));
