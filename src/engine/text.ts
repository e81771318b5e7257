/** Decodes the bytes of tokens to text, never cutting a character: an incomplete one waits for the next token. */
export class Utf8Stream {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  push(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes, { stream: true });
  }

  /** Returns bytes that never became a character, as U+FFFD. */
  flush(): string {
    return this.#decoder.decode();
  }
}

/**
 * Looks for stop strings in text that comes in pieces.
 *
 * Text that may be the start of a stop string is held back until it is known, so a reader never sees
 * a part of one, wherever the token boundaries fall.
 */
export class StopScanner {
  readonly #stops: readonly string[];
  #held = '';

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** @returns The text that is safe to show, and the stop string met, after which nothing is shown. */
  push(text: string): { text: string; stop?: string } {
    this.#held += text;
    const met = this.#first();
    if (met) {
      const shown = this.#held.slice(0, met.at);
      this.#held = '';
      return { text: shown, stop: met.stop };
    }
    const keep = this.#suspect();
    const shown = this.#held.slice(0, this.#held.length - keep);
    this.#held = this.#held.slice(this.#held.length - keep);
    return { text: shown };
  }

  /** Returns the text that was held back, once no more comes. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }

  /** The earliest stop string; of several at one place, the longest. */
  #first(): { at: number; stop: string } | undefined {
    let best: { at: number; stop: string } | undefined;
    for (const stop of this.#stops) {
      const at = this.#held.indexOf(stop);
      if (at < 0) continue;
      if (!best || at < best.at || (at === best.at && stop.length > best.stop.length)) {
        best = { at, stop };
      }
    }
    return best;
  }

  /** Length of the longest end of the held text that a stop string starts with. */
  #suspect(): number {
    let longest = 0;
    for (const stop of this.#stops) {
      for (let n = Math.min(stop.length - 1, this.#held.length); n > longest; n--) {
        if (this.#held.endsWith(stop.slice(0, n))) longest = n;
      }
    }
    return longest;
  }
}
