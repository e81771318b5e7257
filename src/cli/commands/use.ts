import type { Argv } from 'yargs';
import { chosenByMachine } from '../../hub/choose-model.ts';
import { defineCommand } from '../define-command.ts';
import { output } from '../terminal/output.ts';

const options = (yargs: Argv) =>
  yargs
    .positional('model', {
      type: 'string',
      demandOption: true,
      describe: `Id from "dramatis models", path of a .gguf file, or hf: URI; "${chosenByMachine}": the best one here`,
    })
    .option('json', { type: 'boolean', default: false, describe: 'Print {name, from}' })
    .example('$0 use qwen2.5-coder-1.5b', '')
    .example(`$0 use ${chosenByMachine}`, 'Of those here, the best that is fast enough');

export const use = defineCommand({
  command: 'use <model>',
  describe: 'Choose the model that is used where none is named',
  builder: options,
  async handler({ model, json }) {
    const { useModel } = await import('../../hub/use-model.ts');
    const { inUseText } = await import('../terminal/model-text.ts');
    const inUse = await useModel(model);
    if (json) output.jsonLine({ name: inUse.name, from: inUse.from });
    else output.line(`In use where --model is not given: ${inUseText(inUse)}`);
  },
});
