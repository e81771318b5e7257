import type { Argv } from 'yargs';
import { defaultModel, embeddingModel } from '../../hub/catalogue.ts';
import { defineCommand } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { fetchOptions } from '../options/model-options.ts';

/** What a first conversation needs. */
const usual = [defaultModel, embeddingModel, 'hamlet', 'macbeth'];

const options = (yargs: Argv) =>
  fetchOptions(yargs)
    .positional('what', {
      type: 'string',
      array: true,
      default: usual,
      describe: 'Ids from "dramatis models" and "dramatis plays", or hf: URIs of models',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print an array of {id, path, bytes, sha256, licence}',
    })
    .example('$0 pull', 'All that a first conversation needs')
    .example('$0 pull gemma3-270m --accept-licence', 'A model whose terms have to be accepted')
    .example('$0 pull hf:Qwen/Qwen3-4B-GGUF:Q4_K_M', 'Any GGUF file of the Hugging Face Hub')
    .example('$0 pull --offline', 'Check that everything is here and undamaged');

export const pull = defineCommand({
  command: 'pull [what..]',
  describe: 'Fetch models and plays, or check those that are here',
  builder: options,
  async handler({ what, offline, acceptLicence, json }) {
    const { runPull } = await import('./run-pull.ts');
    await runPull(what, { offline, acceptLicence, signal: interrupted() }, { json });
  },
});
