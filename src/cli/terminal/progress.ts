import { Presets, SingleBar } from 'cli-progress';
import { megabytes } from '../../hub/disk-space.ts';
import type { HubEvent } from '../../hub/events.ts';
import { Output } from './output.ts';
import { damagedSettings } from './settings-text.ts';
import { printable } from './terminal-text.ts';

type FetchEvent = Extract<HubEvent, { kind: 'fetch' }>;

/** A job that is done sooner is not worth a line. */
const patienceMs = 1_000;
const plainEveryMs = 30_000;

/** Where progress is written and what that place can show; tests put another here. */
export interface Terminal {
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
}

export const standardError: Terminal = {
  stream: process.stderr,
  env: process.env,
  now: () => performance.now(),
};

/**
 * Shows what the hub reports, on stderr: a bar on a terminal, else a line for every tenth or half
 * minute, and neither under CI. What a person should know, such as a source that failed, is said anyway.
 */
export class FetchProgress implements Disposable {
  readonly #terminal: Terminal;
  readonly #output: Output;
  readonly #display: 'bar' | 'lines' | 'none';
  #bar: SingleBar | undefined;
  #current:
    | { what: string; startedAt: number; from: number; shownAt: number; tenth: number }
    | undefined;

  constructor(terminal: Terminal = standardError) {
    this.#terminal = terminal;
    this.#output = new Output(() => terminal.stream);
    const { CI, TERM, HF_HUB_DISABLE_PROGRESS_BARS: disabled } = terminal.env;
    const isPlain = !terminal.stream.isTTY || TERM === 'dumb' || disabled === '1';
    this.#display = CI ? 'none' : isPlain ? 'lines' : 'bar';
  }

  readonly report = (event: HubEvent): void => {
    const { what } = event;
    switch (event.kind) {
      case 'fetch':
        this.#fetch(event);
        break;
      case 'retry':
        this.#say(`${what}: ${event.reason}; trying again`);
        break;
      case 'damaged':
        this.#say(`${event.path} is damaged: ${event.fault}; it is fetched again`);
        break;
      case 'skip':
        this.#say(`${what}: ${event.from} failed (${event.reason})`);
        break;
      case 'wait':
        this.#say(`${what}: another process is fetching it; waiting for that one`);
        break;
      case 'settings':
        this.#say(damagedSettings(event.damage));
        break;
      case 'convert':
        this.#say(`${what}: converting`);
        break;
      case 'verify':
      case 'done':
        this.#endBar();
        break;
    }
  };

  [Symbol.dispose](): void {
    this.#endBar();
  }

  #say(line: string): void {
    this.#endBar();
    this.#output.line(line);
  }

  #endBar(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#current = undefined;
  }

  #fetch(event: FetchEvent): void {
    if (this.#display === 'none') return;
    const now = this.#terminal.now();
    if (this.#current?.what !== event.what) {
      this.#endBar();
      this.#current = {
        what: event.what,
        startedAt: now,
        from: event.bytes,
        shownAt: now,
        tenth: 0,
      };
    }
    if (now - this.#current.startedAt < patienceMs) return;
    if (this.#display === 'bar') this.#drawBar(event, now);
    else this.#drawLine(event, now);
  }

  #drawLine(event: FetchEvent, now: number): void {
    const current = this.#current!;
    const tenth = event.total ? Math.floor((10 * event.bytes) / event.total) : 0;
    const isDue = tenth > current.tenth || now - current.shownAt >= plainEveryMs;
    const isLone = tenth === 10 && current.tenth === 0; // there was nothing to follow
    if (!isDue || isLone) return;
    current.tenth = tenth;
    current.shownAt = now;
    this.#output.line(`${event.what}: ${this.#figures(event, now)}`);
  }

  #drawBar(event: FetchEvent, now: number): void {
    if (!this.#bar) {
      this.#bar = new SingleBar(
        {
          stream: this.#terminal.stream,
          format: event.total ? '{what} {bar} {figures}' : '{what} {figures}',
          barsize: 24,
          hideCursor: true,
          clearOnComplete: true,
          linewrap: false,
        },
        Presets.shades_classic,
      );
      this.#bar.start(event.total ?? event.bytes, 0, { what: printable(event.what), figures: '' });
    }
    this.#bar.update(event.bytes, { figures: this.#figures(event, now) });
  }

  /** Such as "40 %  39.3 MB of 98.4 MB  8.2 MB/s  7 s left  (resumed at 12.0 MB)". */
  #figures({ bytes, total, resumedFrom }: FetchEvent, now: number): string {
    const { startedAt, from } = this.#current!;
    const perSecond = (bytes - from) / ((now - startedAt) / 1000);
    const parts = total
      ? [`${Math.floor((100 * bytes) / total)} %`, `${megabytes(bytes)} of ${megabytes(total)}`]
      : [megabytes(bytes)];
    if (perSecond > 0) {
      parts.push(`${megabytes(perSecond)}/s`);
      if (total) parts.push(`${Math.ceil((total - bytes) / perSecond)} s left`);
    }
    if (resumedFrom) parts.push(`(resumed at ${megabytes(resumedFrom)})`);
    return parts.join('  ');
  }
}
