/**
 * Yields what `to` makes of each value of a generator, and returns what the generator returns.
 *
 * Leaving it early closes the generator, as a `for await` would.
 */
export async function* mapped<T, U, R>(
  from: AsyncGenerator<T, R>,
  to: (value: T) => U,
): AsyncGenerator<U, R> {
  let isDone = false;
  try {
    for (;;) {
      const step = await from.next();
      isDone = step.done === true;
      if (step.done) return step.value;
      yield to(step.value);
    }
  } catch (error) {
    isDone = true; // it has ended by itself
    throw error;
  } finally {
    if (!isDone) await from.return(undefined as R);
  }
}
