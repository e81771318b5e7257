import { DramatisError, type ErrorCode, remedies } from '../errors.ts';

/** Turns a native failure into the DramatisError it names, with the native one as its cause; leaves others as they are. */
function asDramatisError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  if (!(code in remedies)) return error;
  return new DramatisError(code as ErrorCode, error.message, { cause: error });
}

/** Awaits a native step and rethrows its failure with the stack of the caller. */
export async function settle<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (error) {
    throw asDramatisError(error);
  }
}

/** Calls a native function that answers at once, and rethrows its failure with the stack of the caller. */
export function settleNow<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw asDramatisError(error);
  }
}
