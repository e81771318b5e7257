import type { Adapter } from './adapter.ts';

/** An adapter, and how strongly it acts: 1 is as trained. */
export interface Acting {
  readonly version: Adapter;
  readonly gain: number;
}

/** What acts from a position on, until the next span begins. */
export interface WearSpan {
  readonly from: number;
  /** Their effects add up. */
  readonly acting: readonly Acting[];
  /** Names them by content and gain: what was evaluated under one key is never taken for what another would give. */
  readonly key: string;
}

/** What is added to whatever else acts, from a position on. */
export interface Addition extends Acting {
  readonly from: number;
}

/** What acts where on a timeline: adapters, and a control vector beside them. */
export class WearPlan {
  /** Of adapters alone. */
  readonly #adapters: WearSpan[];
  #control: Addition | undefined;
  #spans: readonly WearSpan[];

  constructor(other?: WearPlan) {
    this.#adapters = other ? [...other.#adapters] : [spanOf(0, [])];
    this.#control = other ? other.#control : undefined;
    this.#spans = this.#all();
  }

  /** From the first, at 0, to the one that acts on whatever is evaluated last. */
  get spans(): readonly WearSpan[] {
    return this.#spans;
  }

  /** Which adapters act at the end. */
  get acting(): WearSpan {
    return this.#adapters.at(-1)!;
  }

  get control(): Addition | undefined {
    return this.#control;
  }

  keyAt(position: number): string {
    return this.#spans.findLast(({ from }) => from <= position)!.key;
  }

  /** From a position on these adapters act; what comes before stays as it is. @returns Whether anything has changed. */
  change(from: number, acting: readonly Acting[]): boolean {
    const next = spanOf(from, acting);
    while ((this.#adapters.at(-1)?.from ?? -1) >= from) this.#adapters.pop();
    if (this.#adapters.at(-1)?.key !== next.key) this.#adapters.push(next);
    return this.#changed();
  }

  /** In place of the control vector that there was. @returns Whether anything has changed. */
  changeControl(control: Addition | undefined): boolean {
    this.#control = control;
    return this.#changed();
  }

  #changed(): boolean {
    const before = this.text();
    this.#spans = this.#all();
    return this.text() !== before;
  }

  #all(): WearSpan[] {
    const control = this.#control;
    if (!control) return [...this.#adapters];
    const beside = ({ from, acting }: WearSpan) => spanOf(from, [...acting, control]);
    const [before, after] = [
      this.#adapters.filter(({ from }) => from < control.from),
      this.#adapters.filter(({ from }) => from > control.from),
    ];
    const there = this.#adapters.findLast(({ from }) => from <= control.from)!;
    return [...before, beside({ ...there, from: control.from }), ...after.map(beside)];
  }

  /** Names the first `length` positions, or all there will ever be: such as "none" or "none, from 12 3f9a…×1". */
  text(length = Number.POSITIVE_INFINITY): string {
    return this.#spans
      .filter(({ from }) => from === 0 || from < length)
      .map(({ from, key }) => (from === 0 ? key : `from ${from} ${key}`))
      .join(', ');
  }
}

/** The key of the model alone. */
export const bare = 'none';

function spanOf(from: number, acting: readonly Acting[]): WearSpan {
  const worn = acting.filter(({ gain }) => gain !== 0);
  const key = worn.map(({ version, gain }) => `${version.hash}×${gain}`).join('+') || bare;
  return { from, acting: worn, key };
}
