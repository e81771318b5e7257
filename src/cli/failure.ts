import { inspect } from 'node:util';
import { DramatisError } from '../errors.ts';
import { messages } from './terminal/output.ts';
import { printable } from './terminal/terminal-text.ts';
import { fitted } from './terminal/word-wrap.ts';

/** A command line that cannot be understood. */
export class UsageError extends DramatisError {
  constructor(message: string) {
    super('USAGE', message);
  }
}

/** Codes that mean "the command was asked for wrongly" rather than "it went wrong". */
const usageCodes = new Set(['USAGE', 'PLACE_UNKNOWN', 'NO_ITEMS', 'GRAMMAR_INVALID']);

/**
 * Prints one line what and one line remedy on stderr and sets the exit code: 0 ok, 1 failure,
 * 2 usage, 130 after Ctrl-C. The stack is printed only under DRAMATIS_DEBUG.
 */
export function exitWith(error: unknown): void {
  if (isInterrupt(error)) {
    process.exitCode = 130;
    return;
  }
  if (process.env.DRAMATIS_DEBUG) messages.line(inspect(error));
  if (error instanceof DramatisError) {
    messages.line(fitted(`dramatis: ${printable(error.message)}\n${error.remedy}`, messages));
    process.exitCode = usageCodes.has(error.code) ? 2 : 1;
    return;
  }
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd') {
    messages.line(
      'dramatis: the folder that this shell is in has been removed\nGo to another one.',
    );
    process.exitCode = 1;
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  messages.line(
    `dramatis: ${message}\nRun it again with DRAMATIS_DEBUG=1 and report what it prints.`,
  );
  process.exitCode = 1;
}

/** What Ctrl-C aborts a command's signal with. */
export class Interrupt extends Error {
  override readonly name = 'Interrupt';
}

/** Whether an error is what Ctrl-C or a signal that ends the program threw. */
export function isInterrupt(error: unknown): boolean {
  return error instanceof Interrupt || (error instanceof Error && error.cause instanceof Interrupt);
}
