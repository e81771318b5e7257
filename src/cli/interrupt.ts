import { Interrupt } from './failure.ts';

/** Who gets the next Ctrl-C; the last one wins. */
const takers: (() => void)[] = [];
let controller: AbortController | undefined;

/**
 * The signal that Ctrl-C aborts, the same one for the whole process, with `Interrupt` as its reason.
 * A second Ctrl-C ends the process at once, with 130.
 */
export function interrupted(): AbortSignal {
  if (controller) return controller.signal;
  const made = new AbortController();
  controller = made;
  listen();
  takers.unshift(() => {
    if (made.signal.aborted) process.exit(130);
    made.abort(new Interrupt('interrupted'));
  });
  return made.signal;
}

/** Gives the Ctrl-Cs to `take` until disposed: a conversation stops an answer with them, not itself. */
export function takeInterrupts(take: () => void): Disposable {
  listen();
  takers.push(take);
  return {
    [Symbol.dispose]: () => {
      const at = takers.lastIndexOf(take);
      if (at >= 0) takers.splice(at, 1);
    },
  };
}

/**
 * A signal that Ctrl-C, SIGTERM and SIGUSR1 abort, for commands that save what they have: batch systems send the last two a
 * while before they kill. The exit code is then 128 and the number of the signal.
 */
export function terminationSignal(): AbortSignal {
  const signal = interrupted();
  for (const [name, code] of [
    ['SIGTERM', 143],
    ['SIGUSR1', 138],
  ] as const) {
    process.once(name, () => {
      process.once('exit', () => {
        process.exitCode = code;
      });
      controller!.abort(new Interrupt(name));
    });
  }
  return signal;
}

let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  process.on('SIGINT', () => {
    const take = takers.at(-1);
    if (take) take();
    else process.exit(130);
  });
}
