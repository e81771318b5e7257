#!/usr/bin/env node
import { exitWith } from './failure.ts';
import { closeDebuggerSignal } from './interrupt.ts';
import { watchOutputs } from './output-errors.ts';
import { output } from './terminal/output.ts';

closeDebuggerSignal();
watchOutputs();

try {
  const [first, ...rest] = process.argv.slice(2);
  if (first === '--complete') {
    const { complete } = await import('./complete.ts');
    output.text(
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
