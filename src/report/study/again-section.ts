import { sha256 } from '../../store/sha256.ts';
import { fullStudy, smallStudy } from '../../sweep/ready-studies.ts';
import { studyText } from '../../sweep/study.ts';
import { plain } from './ledger.ts';
import { commandLine, note, phraseTable } from './report-html.ts';
import type { Material } from './section.ts';
import type { StudyData } from './study-data.ts';

/** Commands that the report has room for. */
const mostCommands = 100;

/** The commands that make the study and the report, where they came from, and what is missing. */
export function againSection({ data }: Pick<Material, 'data'>): string {
  const { gaps, manifest, evaluations } = data;
  const [first] = evaluations;
  const versions = first?.results.versions;
  return [
    commandLine(
      `${planCommand(data)}\ndramatis study run ${data.name}\ndramatis report ${data.name} --out report\ndramatis report ${data.name} --out report --check`,
    ),
    note(
      `Planned by ${manifest.program}${versions ? `, evaluated at ${versions.commit ?? 'an unknown commit'}` : ''}; study ${manifest.study.name}, sha256 ${manifest.study.sha256.slice(0, 12)}. Inputs: ${manifest.inputs.map(({ kind, name, sha256 }) => `${kind} ${name} ${sha256.slice(0, 8)}`).join(', ') || 'none'}.`,
    ),
    note(
      'The first command writes down what is to be done, the second does it, and goes on where it was stopped; the third makes this report, and the last works every number of it out again. Each number in this text has the name of its source, and numbers.json has for each name the file, its hash, the rows, and how the number is worked out. What does not follow from rows are facts about files, such as sizes, hashes and counts of tasks, and the worked examples.',
    ),
    ...(gaps.length > 0
      ? [
          '<h3>Not in this report</h3>',
          ...(gaps.length > mostCommands
            ? [note(`The first ${mostCommands} of ${gaps.length} tasks; tables/tasks.csv has all.`)]
            : []),
          phraseTable(
            ['task', 'why', 'what makes it'],
            gaps
              .slice(0, mostCommands)
              .map(({ task, why }) => [
                ...[task.label, why, `dramatis sweep task ${data.name} ${task.index}`],
              ]),
          ),
        ]
      : []),
    '<h3>Every command of the study</h3>',
    ...(manifest.tasks.length > mostCommands
      ? [
          note(
            `The first ${mostCommands} of ${manifest.tasks.length}; the study’s manifest.json has all.`,
          ),
        ]
      : []),
    `<pre class="commands"><code>${manifest.tasks
      .slice(0, mostCommands)
      .map(({ argv }) => plain(`dramatis ${argv.join(' ')}`).html)
      .join('\n')}</code></pre>`,
  ].join('\n');
}

/** The command that writes the study down: short for one that the program has, else with the file that describes it. */
export function planCommand({
  name,
  manifest: { study },
}: Pick<StudyData, 'name' | 'manifest'>): string {
  const isStudy = (one: typeof fullStudy): boolean => sha256(studyText(one)) === study.sha256;
  if (isStudy(smallStudy)) return `dramatis study plan ${name} --small`;
  if (isStudy(fullStudy)) return `dramatis study plan ${name}`;
  return `dramatis sweep plan ${study.name} --out ${name}`;
}
