import type { FastifyReply } from 'fastify';
import { ClientGone } from './failure.ts';

/**
 * A signal that aborts when the client leaves before it has its answer. Fastify's own `request.signal` does so as soon as a
 * body has been read, too.
 */
export function clientGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  const leave = (): void => {
    if (!raw.writableFinished) gone.abort(new ClientGone());
  };
  raw.on('close', leave);
  // Who left before is not told of again.
  if (raw.destroyed) leave();
  return gone.signal;
}
