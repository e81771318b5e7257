import { isKnown } from '../bench/number.ts';
import { type Ledger, type Phrase, plain, say } from './ledger.ts';
import { type MeanSource, sideOf } from './number-source.ts';
import type { StudyFigure } from './study-figure.ts';
import {
  type Ablation,
  type AskedTask,
  ablations,
  gainOf,
  nameOf,
  type StudyShape,
  scoreOf,
  smallAndLarge,
  type TrainingGain,
  taskWords,
  trainingGains,
} from './study-shape.ts';

/** Something that was compared: what came of it as a sentence, and whether anything did. */
export interface Finding {
  readonly sentence: Phrase;
  /** False where the interval has zero in it: then nothing was shown, which is no proof that nothing is there. */
  readonly isShown: boolean;
  /** False where there were too few scenes, or answers too much alike, for an interval. */
  readonly hasInterval: boolean;
}

/** Every comparison of the study, those of models first: each a test with its interval. */
export function findingsOf(shape: StudyShape, ledger: Ledger): Finding[] {
  return [
    ...modelFindings(shape, ledger),
    ...trainingFindings(shape, ledger),
    ...ablations(shape).map((one) => ablationFinding(one, ledger)),
  ];
}

/** What a component is worth to a character, in a sentence. */
export const ablationFinding = (
  { change, otherwise, character, task, series: { label }, source }: Ablation,
  ledger: Ledger,
): Finding =>
  comparisonOf(task, source, [`${label} as ${nameOf(character)}, ${change},`, otherwise], ledger);

const trainingFindings = (shape: StudyShape, ledger: Ledger): Finding[] =>
  trainingGains(shape).map((gain) => gainFinding(gain, ledger));

/** What a training gives, in a sentence. */
export const gainFinding = (
  { task, trained, prompted, source }: TrainingGain,
  ledger: Ledger,
): Finding => comparisonOf(task, source, [trained.label, prompted.label], ledger);

/** The largest model against the smallest, task by task; none for a study of one model. */
export function modelFindings(shape: StudyShape, ledger: Ledger): Finding[] {
  const [small, large] = smallAndLarge(shape);
  if (!small || !large) return [];
  return shape.tasks.flatMap((task) => {
    const source = gainOf(large, small, task);
    return source ? [comparisonOf(task, source, [large.model, small.model], ledger)] : [];
  });
}

/** One comparison in a sentence, which says whether the first of two names is better, worse, or not shown to be either. */
export function comparisonOf(
  task: AskedTask,
  source: MeanSource,
  [one, other]: readonly [string, string],
  ledger: Ledger,
): Finding {
  const figure = ledger.figure(source);
  if (!isKnown(figure.value))
    return {
      ...{ isShown: false, hasInterval: false },
      sentence: say`In ${taskWords(task)} nothing can be said of ${one} beside ${other}: ${ledger.n(source)} ${itemsText(figure.n)} are too few`,
    };
  const side = sideOf(figure);
  const number = say`${ledger.withInterval(source, 'signed')}, ${sampleOf(source, ledger)}`;
  if (side === 0)
    return {
      ...{ isShown: false, hasInterval: figure.low < figure.high },
      sentence: say`In ${taskWords(task)} no difference is shown between ${one} and ${other} (${number})`,
    };
  return {
    ...{ isShown: true, hasInterval: true },
    sentence: say`In ${taskWords(task)} ${one} is ${side === 1 ? 'better' : 'worse'} than ${other} (${number})`,
  };
}

/** Such as "n = 24 items of 2 characters"; says so where there is no interval. */
export function sampleOf(source: MeanSource, ledger: Ledger): Phrase {
  const many = source.of.length === 1 ? '' : ` of ${source.of.length} characters`;
  const { low, high } = ledger.figure(source);
  const few = low < high ? '' : ', which are of too few scenes or too much alike for an interval';
  return say`n\u00a0=\u00a0${ledger.n(source)} ${itemsText(ledger.figure(source).n)}${many}${few}`;
}

const itemsText = (n: number): string => (n === 1 ? 'item' : 'items');

const mostSentences = 5;

/** Figures whose titles stand in the summary: training, conversations of two and of four, and speed. */
const summed = ['gain-of-training', 'scenes-duet', 'scenes-quartet', 'speed'];

/**
 * At most five sentences, each with its interval: small against large, training, conversations of two and of four, and speed,
 * and where one of these is missing more of the first. What was shown comes before what was not, and what has an interval before what
 * has none.
 */
export function summary(
  shape: StudyShape,
  figures: readonly StudyFigure[],
  ledger: Ledger,
): Phrase[] {
  const models = modelFindings(shape, ledger).sort((a, b) => weightOf(b) - weightOf(a));
  const titles = figures.flatMap((figure) =>
    figure.kind === 'drawn' && summed.includes(figure.name) ? [figure.title] : [],
  );
  const isAlone = models.length === 0 && trainingGains(shape).length === 0;
  const first = isAlone ? alone(shape, ledger) : models.map(({ sentence }) => sentence);
  const sentences = [...first.slice(0, mostSentences - titles.length), ...titles];
  if (sentences.length === 0) return [plain('Nothing that gives a figure is done yet.')];
  return sentences.map((sentence) => say`${sentence}.`);
}

const weightOf = ({ isShown, hasInterval }: Finding): number =>
  2 * Number(isShown) + Number(hasInterval);

function alone({ series, tasks }: StudyShape, ledger: Ledger): Phrase[] {
  return series.flatMap((one) =>
    tasks.flatMap((task) => {
      const source = scoreOf(one, task);
      if (!source) return [];
      return [
        say`${one.label} reaches ${ledger.withInterval(source)} in ${taskWords(task)} (${sampleOf(source, ledger)})`,
      ];
    }),
  );
}
