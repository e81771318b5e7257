import { describe, expect, it } from 'vitest';
import { serverSentEvents } from './server-sent-events.ts';

/** A stream that comes in pieces of so many bytes. */
function inPieces(text: string, size: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

describe('serverSentEvents', () => {
  it('gives the data of each event, however the bytes are cut', async () => {
    const text =
      ': ping\n\ndata: {"a":"œil"}\n\nevent: x\r\ndata: one\r\ndata:two\r\n\r\ndata: [DONE]\n\n';
    for (const size of [1, 2, 3, 7, 1000]) {
      const found: string[] = [];
      for await (const data of serverSentEvents(inPieces(text, size))) found.push(data);
      expect(found).toEqual(['{"a":"œil"}', 'one\ntwo', '[DONE]']);
    }
  });
});
