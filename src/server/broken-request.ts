import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { failureOf, Refusal } from './failure.ts';
import { securityHeaders } from './security-headers.ts';

/** Why there is no request to be answered, by Node's name for it. */
const reasons: Readonly<Record<string, readonly [number, string, string, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    ...([408, 'request_timeout', 'the request did not arrive whole in time'] as const),
    'Send it in one go.',
  ],
  HPE_HEADER_OVERFLOW: [
    ...([431, 'headers_too_large', 'the headers of the request are too large'] as const),
    'Send fewer headers, or shorter ones.',
  ],
};

/** Answers what never became a request, such as a body that does not end, in the shape of all other answers, and hangs up. */
export function answerBroken(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const [status, code, message, remedy] = reasons[error.code ?? ''] ?? [
    ...([400, 'malformed_request', 'the request is no HTTP'] as const),
    'Send HTTP/1.1.',
  ];
  const body = JSON.stringify(failureOf(new Refusal(status, code, message, { remedy })).body);
  const headers = {
    ...securityHeaders(),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
