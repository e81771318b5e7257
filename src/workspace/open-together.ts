type Openings<T> = { readonly [K in keyof T]: Promise<T[K]> };

/**
 * Opens the parts of one thing beside one another. When one of them fails, the signal that all were given aborts with its
 * error, the others are awaited, and what they have opened is disposed of: nothing is still at work when this throws.
 *
 * @throws The first failure.
 */
export async function openTogether<T extends object>(
  signal: AbortSignal | undefined,
  begin: (signal: AbortSignal) => Openings<T>,
): Promise<T> {
  const failing = new AbortController();
  const parts = begin(signal ? AbortSignal.any([signal, failing.signal]) : failing.signal);
  const names = Object.keys(parts) as (keyof T)[];
  const settled = await Promise.allSettled(
    names.map((name) =>
      parts[name].catch((error: unknown) => {
        failing.abort(error);
        throw error;
      }),
    ),
  );
  const opened: Partial<T> = {};
  for (const [i, part] of settled.entries())
    if (part.status === 'fulfilled') opened[names[i]!] = part.value;
  if (!failing.signal.aborted) return opened as T;
  for (const part of Object.values(opened)) if (isDisposable(part)) part[Symbol.dispose]();
  throw failing.signal.reason;
}

function isDisposable(value: unknown): value is Disposable {
  return typeof value === 'object' && value !== null && Symbol.dispose in value;
}
