import type { Argv } from 'yargs';
import { defineCommand } from '../define-command.ts';

const options = (yargs: Argv) =>
  yargs
    .option('json', { type: 'boolean', default: false, describe: 'Print one object' })
    .example('$0 doctor', 'See what is here and what is missing');

export const doctor = defineCommand({
  command: 'doctor',
  describe: 'Examine this machine: engine, processors, memory, disk, folders, models',
  builder: options,
  async handler({ json }) {
    const { examine } = await import('../doctor-report.ts');
    const { OpeningProgress } = await import('../terminal/opening-progress.ts');
    using progress = new OpeningProgress();
    progress.begin('Looking at this machine');
    const { findings, ...facts } = await examine();
    progress.clear();
    if (json) console.log(JSON.stringify({ ...facts, findings }, null, 2));
    else {
      const { paintFor } = await import('../terminal/paint.ts');
      const paint = paintFor(process.stdout);
      const marks = {
        ok: paint('green', 'ok  '),
        note: paint('yellow', 'note'),
        bad: paint('red', 'bad '),
      };
      for (const { state, about, what } of findings)
        console.log(`${marks[state]}  ${about.padEnd(9)}  ${what}`);
    }
    if (findings.some(({ state }) => state === 'bad')) process.exitCode = 1;
  },
});
