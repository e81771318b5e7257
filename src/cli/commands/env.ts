import { join } from 'node:path';
import type { Argv } from 'yargs';
import { hfCacheFolder } from '../../hub/hf-cache.ts';
import { folders } from '../../store/folders.ts';
import { settingsFile } from '../../store/settings.ts';
import { defineCommand } from '../define-command.ts';
import { output } from '../terminal/output.ts';

const options = (yargs: Argv) =>
  yargs
    .option('json', { type: 'boolean', default: false, describe: 'Print one object' })
    .example('$0 env', '')
    .example('DRAMATIS_HOME=/scratch/me $0 env', 'Keep everything on another disk');

export const env = defineCommand({
  command: 'env',
  describe: 'Print where everything is kept',
  builder: options,
  handler({ json }) {
    const { config } = folders();
    const found = {
      ...folders(),
      settings: join(config, settingsFile),
      huggingFaceCache: hfCacheFolder(process.env),
    };
    if (json) output.json(found);
    else
      for (const [name, path] of Object.entries(found)) output.line(`${name.padEnd(16)}  ${path}`);
  },
});
