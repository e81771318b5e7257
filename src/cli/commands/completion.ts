import type { Argv } from 'yargs';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../failure.ts';
import { output } from '../terminal/output.ts';

/**
 * What each shell runs when Tab is pressed: it asks `dramatis --complete` with the words of the line, the
 * last of them being completed, and gets a candidate a line.
 */
const scripts: Readonly<Record<string, string>> = {
  bash: `_dramatis() {
  local IFS=$'\\n'
  COMPREPLY=($(dramatis --complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  COMPREPLY=("\${COMPREPLY[@]// /\\\\ }")
}
complete -o default -F _dramatis dramatis
`,
  zsh: `#compdef dramatis
_dramatis() {
  local -a found
  found=("\${(@f)$(dramatis --complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n $found ]]; then compadd -a found; else _files; fi
}
compdef _dramatis dramatis
`,
  fish: `function __dramatis_complete
  set -l words (commandline -opc) (commandline -ct)
  dramatis --complete $words[2..-1] 2>/dev/null
end
complete -c dramatis -a '(__dramatis_complete)'
`,
};

const options = (yargs: Argv) =>
  yargs
    .positional('shell', {
      choices: ['bash', 'zsh', 'fish'] as const,
      demandOption: true,
      describe: 'The shell to print a script for',
    })
    .example('source <($0 completion bash)', 'In ~/.bashrc')
    .example('source <($0 completion zsh)', 'In ~/.zshrc')
    .example('$0 completion fish | source', 'In ~/.config/fish/config.fish');

export const completion = defineCommand({
  command: 'completion <shell>',
  describe: 'Print the script that makes Tab complete commands, characters and models',
  builder: options,
  handler({ shell }) {
    const script = scripts[shell];
    if (script === undefined) throw new UsageError(`no completion is known for ${shell}`);
    output.file(script);
  },
});
