import { useEffect, useState } from 'preact/hooks';
import { ask } from '../live/http.ts';

/** What the server answers: nothing yet, a value, or a failure. */
export interface Answer<T> {
  readonly value?: T | undefined;
  readonly failure?: unknown;
  /** Asks once more; what is here stays until then. */
  readonly again: () => void;
}

/** Asks the server, and again whenever the path changes; nothing for no path. */
export function useAnswer<T>(path: string | undefined): Answer<T> {
  const [count, setCount] = useState(0);
  const [got, setGot] = useState<{ path?: string; value?: T; failure?: unknown }>({});
  useEffect(() => {
    if (path === undefined) return;
    const gone = new AbortController();
    ask<T>(path, { signal: gone.signal }).then(
      (value) => setGot({ path, value }),
      (failure: unknown) => {
        if (!gone.signal.aborted) setGot({ path, failure });
      },
    );
    return () => gone.abort();
  }, [path, count]);
  const again = (): void => setCount(count + 1);
  return got.path === path ? { value: got.value, failure: got.failure, again } : { again };
}
