import { plain } from './ledger.ts';
import { commandLine, note, phraseTable } from './report-html.ts';
import type { Material } from './section.ts';

/** The commands that make the study and the report, where they came from, and what is missing. */
export function againSection({ data }: Pick<Material, 'data'>): string {
  const { gaps, manifest, evaluations } = data;
  const [first] = evaluations;
  const versions = first?.results.versions;
  return [
    commandLine(
      `dramatis sweep plan ${manifest.study.name} --out ${data.name}\ndramatis study run ${data.name}\ndramatis report ${data.name} --out report\ndramatis report ${data.name} --out report --check`,
    ),
    note(
      `Planned by ${manifest.program}${versions ? `, evaluated at ${versions.commit ?? 'an unknown commit'}` : ''}; study ${manifest.study.name}, sha256 ${manifest.study.sha256.slice(0, 12)}. Inputs: ${manifest.inputs.map(({ kind, name, sha256 }) => `${kind} ${name} ${sha256.slice(0, 8)}`).join(', ') || 'none'}.`,
    ),
    note(
      'Each number in this text has the name of its source; numbers.json has for each name the file, its hash, the rows, and how the number is worked out. “--check” works all of them out again. What is not worked out from rows are facts about files: sizes, hashes, counts of tasks.',
    ),
    ...(gaps.length > 0
      ? [
          '<h3>Not in this report</h3>',
          phraseTable(
            ['task', 'why', 'what makes it'],
            gaps.map(({ task, why }) => [
              ...[task.label, why, `dramatis sweep task ${data.name} ${task.index}`],
            ]),
          ),
        ]
      : []),
    '<h3>Every command of the study</h3>',
    `<pre class="commands"><code>${manifest.tasks.map(({ argv }) => plain(`dramatis ${argv.join(' ')}`).html).join('\n')}</code></pre>`,
  ].join('\n');
}
