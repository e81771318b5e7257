import { type Ledger, type Phrase, plain, say } from './ledger.ts';
import { type MeanSource, sideOf } from './number-source.ts';
import type { StudyData } from './study-data.ts';
import {
  type AskedTask,
  gainOf,
  type StudyShape,
  scoreOf,
  smallAndLarge,
  taskName,
  trainingGains,
} from './study-shape.ts';

/** Something that was compared: what came of it as a sentence, and whether anything did. */
export interface Finding {
  readonly sentence: Phrase;
  /** False where the interval has zero in it: then nothing was shown, which is no proof that nothing is there. */
  readonly isShown: boolean;
}

/** Every comparison of the study, those of models first: each a test with its interval. */
export function findingsOf(shape: StudyShape, ledger: Ledger): Finding[] {
  const trained = trainingGains(shape).map(({ task, trained: { label }, source }) =>
    comparisonOf(task, source, [label, 'the same model prompted'], ledger),
  );
  return [...modelFindings(shape, ledger), ...trained];
}

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
  const side = sideOf(ledger.figure(source));
  const number = say`${ledger.withInterval(source, 'signed')}, ${sampleOf(source, ledger)}`;
  if (side === 0)
    return {
      isShown: false,
      sentence: say`In ${taskName(task)} no difference is shown between ${one} and ${other} (${number})`,
    };
  return {
    isShown: true,
    sentence: say`In ${taskName(task)} ${one} is ${side === 1 ? 'better' : 'worse'} than ${other} (${number})`,
  };
}

/** Such as "n = 24 items of 2 characters". */
export function sampleOf(source: MeanSource, ledger: Ledger): Phrase {
  const many = source.of.length === 1 ? '' : ` of ${source.of.length} characters`;
  return say`n\u00a0=\u00a0${ledger.n(source)} items${many}`;
}

const mostSentences = 5;

/** At most five sentences: what was shown, then what was not; for a study that compares nothing its scores. */
export function summary({ gaps }: StudyData, shape: StudyShape, ledger: Ledger): Phrase[] {
  const found = findingsOf(shape, ledger);
  const shown = found.filter(({ isShown }) => isShown);
  const rest = found.filter(({ isShown }) => !isShown);
  const sentences =
    found.length > 0 ? [...shown, ...rest].map(({ sentence }) => sentence) : alone(shape, ledger);
  if (sentences.length === 0)
    return [plain(`Nothing is compared here yet: ${gaps.length} tasks of the study are not done.`)];
  return sentences.slice(0, mostSentences).map((sentence) => say`${sentence}.`);
}

function alone({ series, tasks }: StudyShape, ledger: Ledger): Phrase[] {
  return series.flatMap((one) =>
    tasks.flatMap((task) => {
      const source = scoreOf(one, task);
      if (!source) return [];
      return [
        say`${one.label} reaches ${ledger.withInterval(source)} in ${taskName(task)} (${sampleOf(source, ledger)})`,
      ];
    }),
  );
}
