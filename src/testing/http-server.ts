import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TestServer {
  readonly url: string;
  /** Every request so far. */
  readonly requests: IncomingMessage[];
}

/** A web server on this machine, gone when the test is. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Serves `content` with ranges, cutting the connection after `cutAfter(n)` bytes of the n-th answer. */
export function fileServer(
  content: Buffer,
  options: { etag?: () => string | undefined; cutAfter?: (answer: number) => number } = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  const { etag = () => '"one"', cutAfter = () => Number.POSITIVE_INFINITY } = options;
  let answers = 0;
  return (request, response) => {
    const tag = etag();
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const isCurrent =
      request.headers['if-range'] === undefined || request.headers['if-range'] === tag;
    const start = range && isCurrent ? Number(range[1]) : 0;
    if (tag) response.setHeader('etag', tag);
    if (start >= content.length && content.length > 0) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    const body = content.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': body.length,
      ...(start > 0
        ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }
        : {}),
    });
    const limit = cutAfter(answers++);
    if (limit >= body.length) response.end(body);
    // A moment later, so that what was sent is not lost with the connection.
    else response.write(body.subarray(0, limit), () => setTimeout(() => response.destroy(), 25));
  };
}
