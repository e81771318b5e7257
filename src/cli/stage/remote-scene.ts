import { setTimeout as sleep } from 'node:timers/promises';
import { DramatisError } from '../../errors.ts';
import type { Recorded } from '../../stage/events.ts';

/** Milliseconds after which a server that has gone is asked again. */
const retryMs = 500;
/** How often it is asked in vain before it counts as gone. */
const mostTries = 20;

/** Whether an argument means a scene that a server plays: its address there, as the page or the endpoints have it. */
export const isRemote = (scene: string): boolean => /^https?:\/\//i.test(scene);

/** Where the events of a scene are, by an address that has its id in it. */
function eventsAt(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const id = /\b([0-9a-f]{6})\b(?!.*\b[0-9a-f]{6}\b)/.exec(
    url ? url.href.slice(url.origin.length) : '',
  )?.[1];
  if (url && id !== undefined) return new URL(`/api/conversations/${id}/events`, url);
  throw new DramatisError('USAGE', `"${address}" has no id of a scene in it`, {
    remedy: 'Give an address such as http://127.0.0.1:4870/api/conversations/3f9ac0.',
  });
}

interface Page {
  readonly events: readonly Recorded[];
  readonly n: number;
}

/**
 * Every event that a scene of a server has by now.
 *
 * @throws {DramatisError} USAGE; FETCH_FAILED with what the server says.
 */
export async function remoteEvents(address: string, signal: AbortSignal): Promise<Recorded[]> {
  const url = eventsAt(address);
  const events: Recorded[] = [];
  for (;;) {
    url.search = `after=${events.at(-1)?.n ?? 0}&limit=2000`;
    const response = await ask(url, 'application/json', signal);
    const page = (await response.json()) as Page;
    events.push(...page.events);
    if (page.events.length === 0 || (events.at(-1)?.n ?? 0) >= page.n) return events;
  }
}

/**
 * Events of a scene of a server as they happen, from the first on, until it is over. A connection that breaks off is made
 * again where it was.
 *
 * @throws {DramatisError} USAGE; FETCH_FAILED with what the server says, or if it stays away.
 */
export async function* followRemote(
  address: string,
  signal: AbortSignal,
): AsyncGenerator<Recorded> {
  const url = eventsAt(address);
  let n = 0;
  for (let tries = 0; tries < mostTries; tries++) {
    url.search = `after=${n}`;
    try {
      const response = await ask(url, 'application/x-ndjson', signal);
      if (response.status === 204) return;
      for await (const event of linesOf(response)) {
        n = event.n;
        tries = 0;
        yield event;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof DramatisError && n === 0) throw error;
    }
    await sleep(retryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  throw new DramatisError('FETCH_FAILED', `${url.origin} does not answer any more`);
}

async function* linesOf(response: Response): AsyncGenerator<Recorded> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line) as Recorded;
  }
}

async function ask(url: URL, accept: string, signal: AbortSignal): Promise<Response> {
  const key = process.env.DRAMATIS_API_KEY;
  const headers = { accept, ...(key && { authorization: `Bearer ${key}` }) };
  const response = await fetch(url, { headers, signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new DramatisError('FETCH_FAILED', `${url.origin} does not answer`, { cause: error });
  });
  if (response.ok) return response;
  const { error } = (await response.json().catch(() => ({}))) as {
    error?: { message?: string; remedy?: string };
  };
  throw new DramatisError(
    'FETCH_FAILED',
    `${url.origin} says ${response.status}: ${error?.message ?? 'no more'}`,
    {
      ...(error?.remedy !== undefined && { remedy: error.remedy }),
    },
  );
}
