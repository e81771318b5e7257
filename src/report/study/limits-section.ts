import { findingsOf } from './findings.ts';
import { plain, say } from './ledger.ts';
import { list } from './report-html.ts';
import type { Material } from './section.ts';

/** What was compared and not shown, controls out of their order, and limits of the design. */
export function limitsSection({ data, shape, ledger }: Material): string {
  const rest = findingsOf(shape, ledger).filter(({ isShown }) => !isShown);
  const broken = data.evaluations.flatMap(({ task, results }) =>
    results.tasks.flatMap((one) =>
      one.broken.map((sentence) => plain(`${task.label}, ${one.task}: ${sentence}`)),
    ),
  );
  const limited = [...new Set(data.evaluations.map(({ results }) => results.limit))].filter(
    (one) => one !== null,
  );
  return [
    ...(rest.length > 0
      ? [
          '<h3>Comparisons whose interval has zero in it</h3>',
          list(rest.map(({ sentence }) => say`${sentence}.`)),
        ]
      : []),
    ...(broken.length > 0
      ? ['<h3>Controls that did not fall in their order</h3>', list(broken)]
      : []),
    '<h3>Limits of the design</h3>',
    list([
      ...(limited.length > 0
        ? [
            plain(
              `At most ${limited.join(' or ')} items of each task were asked: small differences cannot be seen.`,
            ),
          ]
        : []),
      plain('The scenes of one play are few; what holds in them may not hold in another play.'),
      plain(
        'Comparisons are many and each interval stands for itself: of twenty where nothing is, one will look like something.',
      ),
      plain(
        'The keys of “know” count words: an answer that is right in words nobody thought of counts as wrong.',
      ),
    ]),
  ].join('\n');
}
