import type { Argv } from 'yargs';
import { defineCommand } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';

const options = (yargs: Argv) =>
  yargs
    .option('json', { type: 'boolean', default: false, describe: 'Print one object' })
    .option('deep', {
      type: 'boolean',
      default: false,
      describe: 'Read every model, play, adapter and conversation here to its last byte',
    })
    .example('$0 doctor', 'See what is here and what is missing');

export const doctor = defineCommand({
  command: 'doctor',
  describe: 'Examine this machine: engine, processors, memory, disk, folders, models',
  builder: options,
  async handler(request) {
    const { runDoctor } = await import('./run-doctor.ts');
    await runDoctor({ ...request, signal: interrupted() });
  },
});
