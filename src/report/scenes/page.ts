import type {
  ArmFigure,
  ArmResults,
  SceneResults,
  SceneTaskResults,
} from '../../eval/scenes/scene-results.ts';
import { escapeMarkup } from '../../stage/export/markup.ts';
import { type DotGroup, dotRows, type RowDot } from '../bench/dot-rows.ts';
import { shown, shownInterval, shownP, shownSigned } from '../bench/number.ts';
import { type Cell, figure, table } from '../bench/table.ts';
import { htmlPage } from '../page/html.ts';
import { asShown } from './units.ts';

/** Measures of the figure: shares that the plays have a band of which is no single point. */
const drawn = [
  'ABA',
  'turn Gini',
  'word Gini',
  'speaker entropy',
  'who is called answers',
  'adjacent overlap',
  'questions',
  'voice, first third',
  'voice, last third',
];
/** The largest p after Holm at which a difference counts as shown. */
const significance = 0.05;

/** Benchmarks of scenes as one page: where each way of playing lies beside the plays, and what it changes. */
export function scenesPage(runs: readonly SceneResults[]): string {
  const models = [...new Set(runs.map(({ model }) => model.name))];
  const title = `Scenes played by ${models.join(' and ')}`;
  const sections = runs.flatMap((run) => run.tasks.map((task) => taskSection(run, task)));
  return htmlPage(title, [`<h1>${escapeMarkup(title)}</h1>`, ...sections].join('\n'));
}

function taskSection({ model, seeds, turns, versions }: SceneResults, task: SceneTaskResults) {
  const count = Object.keys(task.situations).length;
  const about = `${count} situations, ${seeds === 1 ? 'one scene' : `${seeds} scenes`} of ${turns} turns in each; Dramatis ${versions.dramatis}, ${versions.commit}.`;
  const caption =
    'Filled marks are means over situations, their bars the 95 % intervals by Student’s t. A pale bar is where eight in ten conversations of Hamlet and Macbeth lie; the hollow mark on it is the mean of the plays’ own turns at the same places. To lie where they lie is the aim, not to lie far to the right.';
  return `<section>
<h2>${escapeMarkup(`${task.task}, ${model.name}`)}</h2>
<p class="note">${escapeMarkup(about)}</p>
<figure>${profile(task)}<figcaption class="note">${escapeMarkup(caption)}</figcaption></figure>
<h3>How scenes ended</h3>
${endsTable(task)}
<h3>Every figure</h3>
${figuresTable(task)}
${differencesHtml(task)}
<h3>What must hold of the measures</h3>
${anchorsTable(task)}
</section>`;
}

function profile({ arms, originals }: SceneTaskResults): string {
  const figureOf = (arm: ArmResults | undefined, measure: string) =>
    arm?.figures.find((one) => one.measure === measure);
  const groups = drawn.flatMap((measure): DotGroup[] => {
    const known = arms.filter((arm) => figureOf(arm, measure));
    if (known.length === 0) return [];
    return [
      {
        name: measure,
        anchors: [],
        lines: known.map((arm, i) => {
          const own = figureOf(arm, measure)!;
          return {
            mark: letterOf(arms.indexOf(arm)),
            dots: [...bandOf(own, figureOf(originals[0], measure)), dotOf(own)],
            note: i === 0 && own.inside !== null ? `inside ${shown(own.inside, 'share')}` : '',
          };
        }),
      },
    ];
  });
  return dotRows({
    label: 'Figures of the scenes beside those of the plays',
    axis: 'share',
    groups,
    domain: [0, 1],
    rules: [],
    entries: [
      ...arms.map(({ arm }, i) => ({
        symbol: 'circle' as const,
        isFilled: true,
        text: `${letterOf(i)}  ${arm}`,
      })),
      { symbol: 'diamond' as const, isFilled: false, text: 'the plays’ own turns' },
    ],
  });
}

const letterOf = (i: number): string => String.fromCharCode('A'.charCodeAt(0) + i);

const dotOf = ({ value, low, high }: ArmFigure): RowDot => ({
  ...{ value, low, high, symbol: 'circle', isFilled: true },
});

function bandOf({ band }: ArmFigure, printed: ArmFigure | undefined): RowDot[] {
  if (!band) return [];
  const [low, high] = band;
  const value = printed?.value ?? (low + high) / 2;
  return [{ ...{ value, low, high, symbol: 'diamond', isFilled: false, isBand: true } }];
}

function endsTable({ arms }: SceneTaskResults): string {
  return table(
    ['', 'scenes', 'how they ended'],
    arms.map(({ arm, scenes, ends }) => [
      arm,
      figure(String(scenes)),
      Object.entries(ends)
        .map(([reason, count]) => `${reason} ${count}`)
        .join(', '),
    ]),
  );
}

function figuresTable({ arms, originals }: SceneTaskResults): string {
  const columns = [...arms, ...originals];
  const measures = [
    ...new Set(columns.flatMap(({ figures }) => figures.map(({ measure }) => measure))),
  ];
  return table(
    ['', ...columns.map(({ arm }) => arm), 'plays, eight in ten'],
    measures.map((measure): Cell[] => {
      const own = columns.map(({ figures }) => figures.find((one) => one.measure === measure));
      const first = own.find((one) => one !== undefined)!;
      const band = own.find((one) => one?.band)?.band;
      return [
        `${measure} (${first.unit})`,
        ...own.map((one) => figure(one ? estimateText(one) : '')),
        figure(band ? band.map((end) => shown(end, asShown(first.unit))).join(' to ') : ''),
      ];
    }),
  );
}

function estimateText({ value, low, high, unit }: ArmFigure): string {
  const kind = asShown(unit);
  return `${shown(value, kind)} ${shownInterval({ low, high }, kind)}`.trim();
}

function differencesHtml({ differences }: SceneTaskResults): string {
  if (differences.length === 0) return '';
  const rows = differences.flatMap(({ arm, against, measures }): Cell[][] => {
    const told = measures.filter(({ pHolm }) => pHolm < significance);
    if (told.length === 0) return [[arm, `nothing is told from ${against}`]];
    return told.map(({ measure, value, low, high, pHolm }) => [
      ...[arm, `${measure}, less ${against}`],
      figure(`${shownSigned(value, 'share')} ${shownInterval({ low, high }, 'share')}`),
      figure(shownP(pHolm)),
    ]);
  });
  return `<h3>What each changes</h3>
<p class="note">Situation by situation; p after Holm over all measures, those under ${significance}.</p>
${table(['', 'measure', 'difference', 'p'], rows)}`;
}

function anchorsTable({ anchors }: SceneTaskResults): string {
  return table(
    ['', 'difference', ''],
    anchors.map(({ measure, higher, lower, difference, holds }) => [
      `${measure}: ${higher} above ${lower}`,
      figure(
        `${shownSigned(difference.value, 'share')} ${shownInterval(difference, 'share')}`.trim(),
      ),
      holds ? 'holds' : 'does not hold',
    ]),
  );
}
