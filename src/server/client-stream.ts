import type { FastifyReply } from 'fastify';
import { ClientGone } from './failure.ts';

/** Milliseconds after which a stream in which nothing happens says that it is still there. */
export const pingMs = 15_000;

/** One frame of a stream of server-sent events. */
export interface Frame {
  readonly event?: string | undefined;
  readonly id?: number | undefined;
  readonly data: object | string;
}

/** A frame as it is sent. JSON has no line ends of its own, so one line of data is enough. */
export function frameText({ event, id, data }: Frame): string {
  const json = typeof data === 'string' ? data : JSON.stringify(data);
  return `${event === undefined ? '' : `event: ${event}\n`}${id === undefined ? '' : `id: ${id}\n`}data: ${json}\n\n`;
}

/**
 * An answer that is written as long as its reader is there, at the reader's pace: `write` waits for one who is slow, and ends
 * waiting when they leave, so that nothing queues and nobody is waited for in vain.
 */
export class ClientStream {
  readonly #response: FastifyReply['raw'];
  readonly #left = new AbortController();

  /** Sends the head; the headers that the reply has already go with it. */
  constructor(reply: FastifyReply, type: string, status = 200) {
    const headers = reply.getHeaders();
    reply.hijack();
    const response = reply.raw;
    this.#response = response;
    const leave = (): void => this.#left.abort(new ClientGone());
    // An error is followed by a close; without a listener it would end the process.
    response.on('error', leave);
    response.on('close', leave);
    // Who left before is not told of again.
    if (response.destroyed) leave();
    response.writeHead(status, {
      ...(headers as Record<string, string>),
      'content-type': type,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
  }

  /** Aborts when the reader has gone. */
  get signal(): AbortSignal {
    return this.#left.signal;
  }

  /**
   * Writes, and waits until the reader has taken most of what was written.
   *
   * @returns Whether it had to be waited for.
   * @throws `signal.reason` if the reader has gone.
   */
  async write(text: string): Promise<boolean> {
    this.signal.throwIfAborted();
    if (this.#response.write(text)) return false;
    await new Promise<void>((resolve, reject) => {
      const done = (): void => {
        this.signal.removeEventListener('abort', gone);
        this.#response.off('drain', done);
        resolve();
      };
      const gone = (): void => {
        this.#response.off('drain', done);
        reject(this.signal.reason);
      };
      this.#response.on('drain', done);
      this.signal.addEventListener('abort', gone, { once: true });
    });
    return true;
  }

  end(text = ''): void {
    if (!this.signal.aborted) this.#response.end(text);
  }

  /** Cuts the connection, as of a reader who takes nothing while the server wants to end. */
  cut(): void {
    this.#response.destroy();
  }
}

/** The streams that are open, so that they can be counted, limited and ended. */
export class OpenStreams {
  readonly #streams = new Set<ClientStream>();
  readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  get count(): number {
    return this.#streams.size;
  }

  /** Keeps a stream in the list until its reader has gone. */
  add(stream: ClientStream): void {
    if (stream.signal.aborted) return;
    this.#streams.add(stream);
    stream.signal.addEventListener('abort', () => this.#streams.delete(stream), { once: true });
  }

  /** Cuts whoever is still there. */
  cutAll(): void {
    for (const stream of this.#streams) stream.cut();
  }
}
