import { isIPv6 } from 'node:net';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export interface AddressRates {
  readonly perMinute: number;
  readonly perHour: number;
  /** Addresses that are remembered, at most. */
  readonly mostAddresses?: number | undefined;
}

/** How often each address may do something: so many times in any minute, and in any hour. */
export class AddressLimits {
  readonly #rates: AddressRates;
  /** Times in milliseconds, in order, of the last hour; the address that came last stands at the end. */
  readonly #times = new Map<string, number[]>();

  constructor(rates: AddressRates) {
    this.#rates = rates;
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.#times.size;
  }

  /**
   * Counts another time, unless it is one too many.
   *
   * @param now In milliseconds, of a clock that never goes back.
   * @returns Seconds after which it may be tried again; 0 if it was counted.
   */
  take(address: string, now: number): number {
    const key = networkOf(address);
    const times = (this.#times.get(key) ?? []).filter((time) => time > now - hourMs);
    const wait = Math.max(
      waitOf(times, this.#rates.perMinute, now - minuteMs),
      waitOf(times, this.#rates.perHour, now - hourMs),
    );
    if (wait <= 0) times.push(now);
    this.#times.delete(key);
    this.#times.set(key, times);
    this.#forget(now);
    return wait <= 0 ? 0 : Math.ceil(wait / 1000);
  }

  #forget(now: number): void {
    const { mostAddresses = 20_000 } = this.#rates;
    for (const [key, times] of this.#times) {
      const isOver = (times.at(-1) ?? 0) <= now - hourMs;
      if (!isOver && this.#times.size <= mostAddresses) return;
      this.#times.delete(key);
    }
  }
}

/** Milliseconds until fewer than `most` of the times lie after `since`. */
function waitOf(times: readonly number[], most: number, since: number): number {
  const within = times.filter((time) => time > since);
  return within.length < most ? 0 : within[within.length - most]! - since;
}

/** What one household or machine has: an address of version 4, or the first 64 bits of one of version 6. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const [first, last] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = tail === undefined ? 0 : 8 - first!.length - last!.length;
  const groups = [...first!, ...Array.from({ length: zeros }, () => '0'), ...last!];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
