import { interrupted } from '../interrupt.ts';

/** Resolves at Ctrl-C or SIGTERM. */
export function stopSignal(): Promise<void> {
  const signal = interrupted();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    process.once('SIGTERM', () => resolve());
  });
}
