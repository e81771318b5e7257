import { DramatisError } from '../../errors.ts';
import type { Adapter, AdapterScope } from '../adapter.ts';

/** An adapter that acts on a session, and how strongly. */
export interface ActiveAdapter {
  readonly adapter: Adapter;
  /** Factor on its effect: 1 is as trained, 0 leaves the model alone. */
  readonly scale: number;
  /** The scope it was trained for, where its file does not say. */
  readonly scope?: AdapterScope | undefined;
}

/** A control vector that acts beside the adapters of a session, from a token position on. */
export interface ActiveControl extends ActiveAdapter {
  readonly from: number;
}

/** Adapters that act from a position on, until the next span begins. */
export interface AdapterSpan {
  readonly from: number;
  /** Their effects add up; none is of scale 0. */
  readonly adapters: readonly ActiveAdapter[];
  /** Names them by content and scale: a token evaluated under one key is never taken for another's. */
  readonly key: string;
}

/** Adapters that may act on one token at once; a control vector has a place beside them. */
const mostAdapters = 4;

/** The key of the model alone. */
export const noAdapters = 'none';

/** Which adapters act on which positions of a timeline, and a control vector beside them. Knows no engine. */
export class ActiveAdapters {
  /** Spans of the adapters alone, without the control vector. */
  readonly #adapters: AdapterSpan[];
  #control: ActiveControl | undefined;
  #spans: readonly AdapterSpan[];

  constructor(other?: ActiveAdapters) {
    this.#adapters = other ? [...other.#adapters] : [spanOf(0, [])];
    this.#control = other ? other.#control : undefined;
    this.#spans = this.#combined();
  }

  /** Spans in order, the first at 0, the last acting on whatever is evaluated next. */
  get spans(): readonly AdapterSpan[] {
    return this.#spans;
  }

  get control(): ActiveControl | undefined {
    return this.#control;
  }

  keyAt(position: number): string {
    return this.#spans.findLast(({ from }) => from <= position)!.key;
  }

  /**
   * Applies `adapters` from token position `from` on; earlier spans keep theirs.
   *
   * @returns Whether anything has changed.
   * @throws {RangeError} For more than four, or a scale that is not finite.
   * @throws {DramatisError} ADAPTER_MISMATCH for an adapter of scope "turn" without a position, or one of scope "context"
   *   at a position whose tokens before were read by the model alone.
   */
  set(adapters: readonly ActiveAdapter[], from: number): boolean {
    this.#check(adapters, from);
    const next = spanOf(from, adapters);
    while ((this.#adapters.at(-1)?.from ?? -1) >= from) this.#adapters.pop();
    if (this.#adapters.at(-1)?.key !== next.key) this.#adapters.push(next);
    return this.#changed();
  }

  /**
   * Replaces the control vector; undefined removes it.
   *
   * @returns Whether anything has changed.
   * @throws {RangeError} For a scale that is not finite.
   */
  setControl(control: ActiveControl | undefined): boolean {
    if (control && !Number.isFinite(control.scale))
      throw new RangeError(`a control vector of scale ${control.scale}; a finite scale is wanted`);
    this.#control = control;
    return this.#changed();
  }

  /** Names the first `length` positions, or all there will ever be: such as "none" or "none, from 12 3f9a…×1". */
  key(length = Number.POSITIVE_INFINITY): string {
    return this.#spans
      .filter(({ from }) => from === 0 || from < length)
      .map(({ from, key }) => (from === 0 ? key : `from ${from} ${key}`))
      .join(', ');
  }

  #check(adapters: readonly ActiveAdapter[], from: number): void {
    const scales = adapters.map(({ scale }) => scale);
    if (scales.length > mostAdapters || !scales.every(Number.isFinite)) {
      throw new RangeError(
        `${scales.length} adapters of the scales ${scales.join(', ')}; at most ${mostAdapters} of finite scale are wanted`,
      );
    }
    for (const active of adapters) {
      const scope = active.scale === 0 ? undefined : scopeOf(active);
      if (scope === 'turn' && from === 0) {
        throw new DramatisError(
          'ADAPTER_MISMATCH',
          `${nameOf(active)} has scope "turn": pass \`from\`, the position where the turn begins`,
          { remedy: "It was trained to act on the character's own turns alone." },
        );
      }
      if (scope === 'context' && from > 0 && this.keyAt(from - 1) === noAdapters) {
        throw new DramatisError(
          'ADAPTER_MISMATCH',
          `${nameOf(active)} has scope "context", and the ${from} tokens before \`from\` were read without it`,
          { remedy: 'It was trained to read the whole context: leave `from` out.' },
        );
      }
    }
  }

  #changed(): boolean {
    const before = this.key();
    this.#spans = this.#combined();
    return this.key() !== before;
  }

  #combined(): AdapterSpan[] {
    const control = this.#control;
    if (!control) return [...this.#adapters];
    const beside = ({ from, adapters }: AdapterSpan) => spanOf(from, [...adapters, control]);
    const [before, after] = [
      this.#adapters.filter(({ from }) => from < control.from),
      this.#adapters.filter(({ from }) => from > control.from),
    ];
    const there = this.#adapters.findLast(({ from }) => from <= control.from)!;
    return [...before, beside({ ...there, from: control.from }), ...after.map(beside)];
  }
}

/** The scope an adapter was trained for: from its file, else as its opener says. */
export function scopeOf({ adapter, scope }: ActiveAdapter): AdapterScope | undefined {
  return adapter.scope ?? scope;
}

function spanOf(from: number, adapters: readonly ActiveAdapter[]): AdapterSpan {
  const acting = adapters.filter(({ scale }) => scale !== 0);
  const key = acting.map(({ adapter, scale }) => `${adapter.hash}×${scale}`).join('+');
  return { from, adapters: acting, key: key || noAdapters };
}

function nameOf({ adapter: { hash, path } }: ActiveAdapter): string {
  return path === '' ? `adapter ${hash.slice(0, 12)}` : path;
}
