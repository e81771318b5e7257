import { keeperVariable } from '../store/keeper-variable.ts';
import { Interrupt } from './failure.ts';

/** Who gets the next Ctrl-C; the last one wins. */
const takers: (() => void)[] = [];
let controller: AbortController | undefined;
/** Whether the command has something to save before it ends: see `terminationSignal`. */
let isSaving = false;

/** Signals that batch systems and terminals send to end a program, and the exit code of one that they ended. */
const endings = { SIGTERM: 143, SIGUSR1: 138, SIGHUP: 129 } as const;

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
 * A signal that Ctrl-C, SIGTERM, SIGHUP and SIGUSR1 abort, and the closing of an output, for commands that save what they
 * have: batch systems send some of these a while before they kill. The exit code is then 128 and the number of the signal.
 *
 * Batch systems send such a signal to every process of a job, and whoever looks after this one sends it too: those that come
 * while it saves change nothing. SIGKILL ends what does not end.
 *
 * @param exitCode Exit code in place of that.
 */
export function terminationSignal(exitCode?: number): AbortSignal {
  const signal = interrupted();
  isSaving = true;
  for (const [name, code] of Object.entries(endings)) {
    process.removeAllListeners(name);
    process.on(name, () => endSaving(name, exitCode ?? code));
  }
  endWithKeeper(exitCode);
  return signal;
}

/** How often a process looks whether the one that looks after it is there, in ms. */
const keeperEveryMs = 500;

/** Ends a command that saves what it has when the process that looks after it has ended: see `keeperVariable`. */
function endWithKeeper(exitCode: number = endings.SIGTERM): void {
  const keeper = Number(process.env[keeperVariable]);
  // What an older process left in the environment is another's.
  if (!(keeper > 0) || process.ppid !== keeper) return;
  const timer = setInterval(() => {
    if (process.ppid === keeper) return;
    clearInterval(timer);
    endSaving('the process that looked after this one has ended', exitCode);
  }, keeperEveryMs);
  timer.unref();
}

/**
 * Ends a command that saves what it has, if it is one.
 *
 * @param code Exit code, whatever the command itself sets.
 * @returns    Whether it is one, and will end by itself.
 */
export function endSaving(why: string, code: number): boolean {
  if (!isSaving) return false;
  if (controller?.signal.aborted) return true;
  process.once('exit', () => {
    process.exitCode = code;
  });
  controller?.abort(new Interrupt(why));
  return true;
}

/**
 * Takes SIGUSR1 from Node, which would open a debugger that anybody on the machine can reach. A command that saves nothing
 * ends by it.
 */
export function closeDebuggerSignal(): void {
  process.on('SIGUSR1', () => process.exit(endings.SIGUSR1));
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
