import { examine } from '../doctor-report.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { output } from '../terminal/output.ts';
import { paintFor } from '../terminal/paint.ts';

/** Prints what is here and what is missing; the exit code is 1 if something that is needed is. */
export async function runDoctor({ json }: { readonly json: boolean }): Promise<void> {
  using progress = new OpeningProgress();
  progress.begin('Looking at this machine');
  const { findings, ...facts } = await examine();
  progress.clear();
  if (json) output.json({ ...facts, findings });
  else {
    const paint = paintFor(process.stdout);
    const marks = {
      ok: paint('green', 'ok  '),
      note: paint('yellow', 'note'),
      bad: paint('red', 'bad '),
    };
    for (const { state, about, what } of findings)
      output.line(`${marks[state]}  ${about.padEnd(9)}  ${what}`);
  }
  if (findings.some(({ state }) => state === 'bad')) process.exitCode = 1;
}
