import { findingsOf } from './findings.ts';
import { type Phrase, plain, say } from './ledger.ts';
import type { DetectableSource } from './number-source.ts';
import { fewestScenes, firstScore } from './power-figure.ts';
import { list } from './report-html.ts';
import type { Material } from './section.ts';
import { taskWords } from './study-shape.ts';

/** Sentences of one kind that the report has room for. */
const mostSentences = 60;

const firstOf = (sentences: readonly Phrase[]): Phrase[] =>
  sentences.length <= mostSentences
    ? [...sentences]
    : [
        ...sentences.slice(0, mostSentences),
        plain(`${sentences.length - mostSentences} others, which the tables have.`),
      ];

/** What was compared and not shown, controls out of their order, and limits of the design. */
export function limitsSection({ data, shape, ledger }: Material): string {
  const rest = findingsOf(shape, ledger).filter(({ isShown }) => !isShown);
  const broken = data.evaluations.flatMap(({ task, results }) =>
    results.tasks.flatMap((one) =>
      one.broken.map((sentence) => plain(`${task.label}, ${one.task}: ${sentence}`)),
    ),
  );
  const limits = [...new Set(data.evaluations.map(({ results }) => results.limit))];
  const limited = limits.filter((one) => one !== null).sort((a, b) => a - b);
  return [
    ...(rest.length > 0
      ? [
          '<h3>Comparisons that show no difference</h3>',
          list(firstOf(rest.map(({ sentence }) => say`${sentence}.`))),
        ]
      : []),
    ...(broken.length > 0
      ? ['<h3>Controls that did not fall in their order</h3>', list(firstOf(broken))]
      : []),
    ...(shape.tasks.some(({ metric }) => metric.unit === 'share')
      ? ['<h3>What could be shown at this size</h3>', list(powerTexts({ data, shape, ledger }))]
      : []),
    '<h3>Limits of the design</h3>',
    list([
      ...(limited.length > 0
        ? [
            plain(
              `Where a table has few items, no more were asked, to save time: at most ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(limited.map(String))} of some tasks, drawn from all over the part that is asked about. Small differences are not seen with so few.`,
            ),
          ]
        : []),
      plain('The scenes of one play are few; what holds in them may not hold in another play.'),
      plain(
        'Two characters who speak in the same play share its scenes: they are not two independent tests.',
      ),
      plain(
        'Comparisons are many and each interval stands for itself: of twenty where nothing is, one will look like something.',
      ),
      plain(
        'The keys of “know” count words: an answer that is right in words nobody thought of counts as wrong.',
      ),
    ]),
  ].join('\n');
}

/** What each task could show of two models, with as many scenes as a character was asked about. */
function powerTexts({
  data,
  shape,
  ledger,
}: Pick<Material, 'data' | 'shape' | 'ledger'>): Phrase[] {
  return shape.tasks
    .filter(({ metric }) => metric.unit === 'share')
    .flatMap((task) => {
      const of = firstScore(shape, task);
      if (!of) return [];
      const rows = data.evaluations.find((one) => one.task.label === of.run)?.rows;
      const asked = rows?.get(of.task)?.get(of.row) ?? [];
      const scenes = new Set(asked.map(({ item }) => item.scene)).size;
      if (scenes < fewestScenes)
        return [
          say`In ${taskWords(task)}: nothing, as it was asked about too few scenes of a character for any interval.`,
        ];
      const source: DetectableSource = { kind: 'detectable', of, scenes };
      return [
        say`In ${taskWords(task)}: with ${ledger.n(source)} scenes of a character, as here, a difference of ${ledger.value(source)} between two models would be shown in 80 of 100 such studies; a smaller one would mostly be missed.`,
      ];
    });
}
