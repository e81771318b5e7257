import { once } from 'node:events';
import { connect } from 'node:net';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { clientGone } from './client-gone.ts';
import { ClientStream, OpenStreams } from './client-stream.ts';

describe('A stream to a client who left before it was opened', () => {
  it('is over at once, so that nobody waits for its reader and no place is kept', async () => {
    const streams = new OpenStreams(1);
    const app = fastify();
    const answered = new Promise<string>((resolve, reject) => {
      app.get('/', async (_request, reply) => {
        const closed = once(reply.raw, 'close');
        client.destroy();
        await closed;
        expect(clientGone(reply).aborted).toBe(true);
        const stream = new ClientStream(reply, 'text/event-stream');
        streams.add(stream);
        stream.write('late').then(
          () => resolve('written'),
          () => resolve('refused'),
        );
        reply.raw.once('error', reject);
        return reply;
      });
    });
    const address = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const client = connect(Number(address.port), '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await answered).toBe('refused');
    expect(streams.count).toBe(0);
    await app.close();
  });
});
