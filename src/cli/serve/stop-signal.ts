import { interrupted } from '../interrupt.ts';

/** Resolves at Ctrl-C, SIGTERM, or SIGHUP: the terminal was closed. */
export function stopSignal(): Promise<void> {
  const signal = interrupted();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    for (const name of ['SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve());
  });
}
