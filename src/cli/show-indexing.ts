import type { MemoryEvent } from '../memory/memory.ts';

const stderr = process.stderr;

/** Shows on stderr how far the reading of a play into memory has come: in place on a terminal, else one line. */
export function showIndexing(title: string): Disposable & { report: (event: MemoryEvent) => void } {
  const inPlace = stderr.isTTY && !process.env.CI && process.env.TERM !== 'dumb';
  let begun = false;
  return {
    report(event) {
      if (event.kind === 'rebuild') {
        stderr.write(`The index of ${title} is made anew: ${event.reason}\n`);
        return;
      }
      if (inPlace) {
        stderr.write(
          `\r\x1b[KReading ${title} into memory: ${event.done} of ${event.total} passages`,
        );
      } else if (!begun && !process.env.CI) {
        stderr.write(`Reading ${title} into memory: ${event.total} passages\n`);
      }
      begun = true;
    },
    [Symbol.dispose]() {
      if (begun && inPlace) stderr.write('\r\x1b[K');
    },
  };
}
