import { DramatisError, type ErrorCode, remedies } from '../errors.ts';

/** A native failure as the DramatisError it names, with the native one as its cause; anything else as it is. */
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

/** The same for the native calls that answer at once. */
export function settleNow<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw asDramatisError(error);
  }
}
