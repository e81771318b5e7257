#!/usr/bin/env node
import { exitWith } from './failure.ts';

// Who reads the output may stop reading, as `head` does: nothing is left to do, and nothing went wrong.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  const [first, ...rest] = process.argv.slice(2);
  if (first === '--complete') {
    const { complete } = await import('./complete.ts');
    process.stdout.write(
      complete(rest)
        .map((word) => `${word}\n`)
        .join(''),
    );
  } else {
    const { runCommandLine } = await import('./command-line.ts');
    await runCommandLine(process.argv.slice(2));
  }
} catch (error) {
  exitWith(error);
}
