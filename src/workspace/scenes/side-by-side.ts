/**
 * Runs tasks side by side, so many at a time, and yields each as it is done. When one fails, or the reader leaves, no other
 * begins, and those that run have ended before this does.
 *
 * @param mayBegin Whether there is time for one more; always, unless given.
 * @throws What the first task to fail throws.
 */
export async function* sideBySide<T extends { run(): Promise<void> }>(
  tasks: readonly T[],
  atOnce: number,
  mayBegin: () => boolean = () => true,
): AsyncGenerator<T> {
  const waiting = [...tasks];
  const running = new Map<T, Promise<T>>();
  try {
    for (;;) {
      while (running.size < atOnce && waiting.length > 0 && mayBegin()) {
        const task = waiting.shift()!;
        running.set(
          task,
          task.run().then(() => task),
        );
      }
      if (running.size === 0) return;
      const done = await Promise.race(running.values());
      running.delete(done);
      yield done;
    }
  } finally {
    await Promise.allSettled(running.values());
  }
}
