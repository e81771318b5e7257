import type { Argv } from 'yargs';
import { defineCommand } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { messages, output } from '../terminal/output.ts';

const options = (yargs: Argv) =>
  yargs.example('$0 build', 'Where "dramatis doctor" says that no package fits this system');

export const build = defineCommand({
  command: 'build',
  describe: 'Compile the engine here, where no package has it: some minutes, and a C++ compiler',
  builder: options,
  async handler() {
    const { compileAddon } = await import('../../engine/compile-addon.ts');
    const lines = compileAddon(interrupted());
    let next = await lines.next();
    for (; !next.done; next = await lines.next()) messages.line(next.value);
    output.line(next.value);
  },
});
