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

/** Which adapters act where on a timeline. */
export class WearPlan {
  readonly #spans: WearSpan[];

  constructor(other?: WearPlan) {
    this.#spans = other ? [...other.#spans] : [{ from: 0, acting: [], key: bare }];
  }

  /** From the first, at 0, to the one that acts on whatever is evaluated last. */
  get spans(): readonly WearSpan[] {
    return this.#spans;
  }

  /** What acts at the end. */
  get acting(): WearSpan {
    return this.#spans.at(-1)!;
  }

  keyAt(position: number): string {
    return this.#spans.findLast(({ from }) => from <= position)!.key;
  }

  /** From a position on these act; what comes before stays as it is. @returns Whether anything has changed. */
  change(from: number, acting: readonly Acting[]): boolean {
    const before = this.text();
    const worn = acting.filter(({ gain }) => gain !== 0);
    const key = worn.map(({ version, gain }) => `${version.hash}×${gain}`).join('+') || bare;
    while ((this.#spans.at(-1)?.from ?? -1) >= from) this.#spans.pop();
    if (this.#spans.at(-1)?.key !== key) this.#spans.push({ from, acting: worn, key });
    return this.text() !== before;
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
