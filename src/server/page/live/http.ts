import { signal } from '@preact/signals';

/** What the server said no to, with what to do about it. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly code: string;
  readonly remedy: string;

  constructor(status: number, body: FailureBody | undefined) {
    super(body?.error?.message ?? `the server answered ${status}`);
    this.status = status;
    this.code = body?.error?.code ?? String(status);
    this.remedy = body?.error?.remedy ?? '';
  }
}

interface FailureBody {
  readonly error?: {
    readonly message?: string;
    readonly code?: string | null;
    readonly remedy?: string;
  };
}

/** Whether the server has asked for a key that it has not been given. */
export const isKeyWanted = signal(false);

/** Gives the server a key; from then on the browser sends it along. */
export async function signIn(key: string): Promise<void> {
  const response = await fetch('/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-dramatis': '1' },
    body: JSON.stringify({ key }),
  });
  if (!response.ok)
    throw new ApiFailure(response.status, await response.json().catch(() => undefined));
  location.reload();
}

/** Asks the server of this page; throws an `ApiFailure` for whatever is not answered with 2xx. */
export async function ask<T>(
  path: string,
  { method = 'GET', body, signal }: AskOptions = {},
): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: {
      accept: 'application/json',
      ...(method !== 'GET' && {
        // A mark that no form of another site can set.
        'x-dramatis': '1',
        'idempotency-key': crypto.randomUUID(),
      }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiFailure(0, {
      error: {
        message: 'the server does not answer',
        remedy: 'Start it again with "dramatis serve"; this page goes on by itself.',
      },
    });
  });
  if (response.status === 401) isKeyWanted.value = true;
  if (!response.ok)
    throw new ApiFailure(response.status, await response.json().catch(() => undefined));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

interface AskOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}
