import type { SweepTask } from '../../sweep/manifest.ts';
import { svgFile } from '../page/chart.ts';
import { ablationFigure } from './ablation-figure.ts';
import { planCommand } from './again-section.ts';
import { bitsFigure } from './bits-figure.ts';
import { characterFigure } from './character-figure.ts';
import { curveFigure } from './curve-figures.ts';
import { exposureFigure } from './exposure-figure.ts';
import { findingsOf, summary } from './findings.ts';
import { Ledger, type NumberEntry, plain, say } from './ledger.ts';
import { orderFigure } from './order-figure.ts';
import { pipelineFigure } from './pipeline-figure.ts';
import { powerFigure } from './power-figure.ts';
import { rateFigure } from './rate-figure.ts';
import { sceneFigure } from './scene-figures.ts';
import { gainFigure, scoreFigure } from './score-figures.ts';
import { sectionsOf } from './sections.ts';
import { sizeFigure } from './size-figure.ts';
import { speedFigure } from './speed-figure.ts';
import type { StudyData } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';
import { studyPage } from './study-page.ts';
import { fewNames, nameOf, shapeOf } from './study-shape.ts';
import { studySlides } from './study-slides.ts';
import { studyTables } from './study-tables.ts';
import { timelineFigure } from './timeline-figure.ts';
import { voiceFigure } from './voice-figure.ts';

/** Every number of a report, as `numbers.json` keeps them. */
export interface NumbersFile {
  readonly format: 'dramatis-report-numbers';
  readonly formatVersion: 1;
  readonly study: string;
  readonly numbers: readonly NumberEntry[];
}

export interface StudyReport {
  readonly html: string;
  readonly slides: string;
  readonly numbers: NumbersFile;
  /** Files of the report by name, such as "figures/speed.svg": all of them, with the pages and the numbers. */
  readonly files: ReadonlyMap<string, string>;
  /** Figures that have no data. */
  readonly leftOut: readonly Extract<StudyFigure, { readonly kind: 'left out' }>[];
}

/** A study as a report: the same study gives the same bytes. */
export function studyReport(data: StudyData): StudyReport {
  const ledger = new Ledger(data);
  const shape = shapeOf(data);
  const figures = [
    pipelineFigure(),
    scoreFigure(shape, ledger),
    powerFigure(shape, ledger),
    exposureFigure(shape, ledger),
    sizeFigure(shape, ledger),
    rateFigure(shape, data, ledger),
    bitsFigure(shape, ledger),
    ablationFigure(shape, ledger),
    gainFigure(shape, ledger),
    characterFigure(shape, ledger),
    curveFigure('loss', data, ledger),
    curveFigure('reward', data, ledger),
    sceneFigure('duet', data, ledger),
    sceneFigure('quartet', data, ledger),
    voiceFigure(data, ledger),
    orderFigure(data, ledger),
    timelineFigure(data, ledger),
    speedFigure(data, ledger),
  ].map((figure) => withStudyCommand(figure, data));
  const title = 'Characters of a play, small models and large';
  const about = aboutText(
    data,
    shape.models.map(({ name }) => name),
    fewNames(shape.characters.map(nameOf)),
  );
  const html = studyPage(title, about, sectionsOf({ data, shape, ledger, figures }));
  const rest = findingsOf(shape, ledger).filter(({ isShown }) => !isShown);
  const slides = studySlides(title, about, {
    summary: summary(shape, figures, ledger),
    figures,
    limits: [
      ...rest.map(({ sentence }) => say`${sentence}.`),
      plain('The scenes of one play are few; what holds in them may not hold in another.'),
    ],
    again: `${planCommand(data)}\ndramatis study run ${data.name}\ndramatis report ${data.name} --out report\ndramatis report ${data.name} --out report --check`,
  });
  const numbers: NumbersFile = {
    ...{ format: 'dramatis-report-numbers', formatVersion: 1, study: data.manifest.study.sha256 },
    numbers: ledger.entries(),
  };
  const files = new Map<string, string>([
    ['report.html', html],
    ['slides.html', slides],
    ...figures.flatMap((figure): [string, string][] =>
      figure.kind === 'drawn'
        ? [
            [
              `figures/${figure.name}.svg`,
              svgFile(figure.svg, `${figure.title.text}. ${figure.caption.text}`),
            ],
          ]
        : [],
    ),
    ...studyTables(data, figures, numbers.numbers).map(({ name, csv }): [string, string] => [
      `tables/${name}.csv`,
      csv,
    ]),
    // Written last: where they are, all is.
    ['numbers.json', `${JSON.stringify(numbers, null, 2)}\n`],
  ]);
  const leftOut = figures.flatMap((figure) => (figure.kind === 'left out' ? [figure] : []));
  return { html, slides, numbers, files, leftOut };
}

/** A figure whose tasks the study has, and has not done, is made by going on with it. */
function withStudyCommand(figure: StudyFigure, { gaps, name }: StudyData): StudyFigure {
  if (figure.kind === 'drawn') return figure;
  const kind = kindOf(figure.name);
  if (!gaps.some(({ task }) => task.kind === kind)) return figure;
  const why = `${figure.why} Some of its tasks are not done yet.`;
  return { ...figure, why, command: `dramatis study run ${name}` };
}

/** Figures that are made of the scenes of a study. */
const ofScenes = [
  ...['scenes-duet', 'scenes-quartet', 'voices-over-time'],
  ...['who-after-whom', 'scene-timeline'],
];

/** The kind of task that gives a figure its data. */
function kindOf(figure: string): SweepTask['kind'] {
  if (ofScenes.includes(figure)) return 'scenes';
  if (figure === 'learning-curves') return 'train';
  return ['speed', 'quality-by-speed'].includes(figure) ? 'speed' : 'eval';
}

function aboutText(
  { name, gaps, manifest }: StudyData,
  models: readonly string[],
  characters: readonly string[],
): string {
  const done = manifest.tasks.length - gaps.length;
  return `Study ${name}: ${models.join(', ') || 'no model yet'}; ${characters.join(', ') || 'no character yet'}; ${done} of ${manifest.tasks.length} tasks done.`;
}
