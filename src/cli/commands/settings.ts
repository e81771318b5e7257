import type { Argv } from 'yargs';
import { trainerKernelNames } from '../../store/trainer-kernels.ts';
import { defineCommand } from '../define-command.ts';
import { messages, output } from '../terminal/output.ts';

const json = { type: 'boolean', default: false, describe: 'Print one object' } as const;
/** Leaves the choice to the engine. */
const engineChooses = 'auto';

const kernels = defineCommand({
  command: 'kernels <name>',
  describe: "Choose what training computes with on this machine's kind of processor",
  builder: (yargs: Argv) =>
    yargs
      .positional('name', {
        choices: [engineChooses, ...trainerKernelNames] as const,
        demandOption: true,
        describe: 'Kernels; "auto" leaves the choice to the engine',
      })
      .option('json', json)
      .example('$0 settings kernels avx2', 'Train as a processor without AVX-512 does'),
  async handler(given) {
    const { Settings } = await import('../../store/settings.ts');
    const { wantKernels } = await import('../../store/trainer-kernels.ts');
    const { processorKind } = await import('../../store/processor-kind.ts');
    const settings = await Settings.open();
    const name = trainerKernelNames.find((one) => one === given.name);
    await wantKernels(settings, processorKind(), name);
    if (given.json) output.jsonLine({ processor: processorKind(), kernels: name ?? null });
    else output.line(`${processorKind()}: ${name ?? 'the engine chooses'}`);
  },
});

const options = (yargs: Argv) =>
  yargs
    .command(kernels)
    .option('json', json)
    .example('$0 settings', '')
    .example('$0 use gemma3-270m', 'Choose the model that is used where none is named');

export const settings = defineCommand({
  command: 'settings',
  describe: 'Print what is kept of this machine: the model in use, measured rates, kernels',
  builder: options,
  async handler({ json }) {
    const { Settings } = await import('../../store/settings.ts');
    const { damagedSettings, settingsText } = await import('../terminal/settings-text.ts');
    const found = await Settings.open();
    if (found.damage) messages.line(damagedSettings(found.damage));
    const { path } = found;
    const [model, rates = [], trainer = {}] = [
      found.get('model'),
      found.get('rates'),
      found.get('trainer'),
    ];
    if (json) output.json({ path, model: model ?? null, rates, trainer });
    else output.line(settingsText(path, { ...(model && { model }), rates, trainer }));
  },
});
