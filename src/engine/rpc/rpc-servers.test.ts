import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hello, requireRpcServers } from './rpc-servers.ts';

/** A server that does `answer` with each client; its address. */
async function listening(answer: (client: Socket) => void) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port, [Symbol.dispose]: () => server.close() };
}

function greeting(major: number, minor: number): Buffer {
  const answer = Buffer.alloc(36);
  answer.writeBigUInt64LE(28n);
  answer[8] = major;
  answer[9] = minor;
  return answer;
}

describe('requireRpcServers', () => {
  it('greets each server, and gives its address', async () => {
    const heard: Buffer[] = [];
    using server = await listening((client) =>
      client.on('data', (data) => {
        heard.push(data);
        // In two parts, as a network may deliver it.
        client.write(greeting(7, 0).subarray(0, 5));
        setImmediate(() => client.write(greeting(7, 0).subarray(5)));
      }),
    );
    const servers = [{ host: 'localhost', port: server.port }];
    expect(await requireRpcServers({ servers })).toEqual([`127.0.0.1:${server.port}`]);
    expect(Buffer.concat(heard)).toEqual(hello());
    // It serves this process from now on, and would not answer a second time.
    await requireRpcServers({ servers });
    expect(heard).toHaveLength(1);
  });

  it.each([
    ['speaks another version', (client: Socket) => client.write(greeting(6, 1)), /version 6\.1/],
    ['hangs up', (client: Socket) => client.end(), /is no RPC server: it hangs up/],
    [
      'says something else',
      (client: Socket) => client.end('HTTP/1.1 400 Bad Request\r\n\r\nthis is no RPC server'),
      /hangs up/,
    ],
  ])('refuses one that %s', async (_, answer, message) => {
    using server = await listening(answer);
    await expect(requireRpcServers({ servers: [server] })).rejects.toMatchObject({
      code: 'RPC_UNREACHABLE',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a port that nobody listens at', async () => {
    const { port } = await listening(() => {}).then((server) => {
      server[Symbol.dispose]();
      return server;
    });
    await expect(
      requireRpcServers({ servers: [{ host: '127.0.0.1', port }] }),
    ).rejects.toMatchObject({
      code: 'RPC_UNREACHABLE',
      message: /cannot be reached: ECONNREFUSED/,
    });
  });

  it('ends when its signal aborts', async () => {
    using server = await listening(() => {});
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(requireRpcServers({ servers: [server] }, signal)).rejects.toThrow('enough');
  });
});
