/** Runs a generator to its end, passing over what it yields, and gives what it returns. */
export async function resultOf<R>(from: AsyncGenerator<unknown, R>): Promise<R> {
  for (;;) {
    const step = await from.next();
    if (step.done) return step.value;
  }
}
