import { joined, type Ledger, type Phrase, plain, say } from './ledger.ts';
import { type MeanSource, sideOf } from './number-source.ts';
import { asGain, promptedOf, smallAndLarge, taskName } from './score-figures.ts';
import type { StudyData } from './study-data.ts';
import { type AskedTask, gainOf, type Series, type StudyShape, scoreOf } from './study-shape.ts';

/** Something that was compared: what came of it as a sentence, and whether anything did. */
export interface Finding {
  readonly sentence: Phrase;
  /** False where the interval has zero in it: then nothing was shown, which is no proof that nothing is there. */
  readonly isTold: boolean;
}

/** Every comparison of the study, those of models first: each a test with its interval. */
export function findingsOf(shape: StudyShape, ledger: Ledger): Finding[] {
  const [small, large] = smallAndLarge(shape);
  const models =
    small && large
      ? shape.tasks.flatMap((task) => {
          const source = gainOf(large, small, task);
          return source ? [findingOf(task, source, ledger, large.model, small.model)] : [];
        })
      : [];
  const trained = shape.series
    .filter(({ isTrained }) => isTrained)
    .flatMap((series) => {
      const prompted = promptedOf(shape, series);
      return shape.tasks.flatMap((task) => {
        const source = prompted && gainOf(series, prompted, task);
        return source
          ? [findingOf(task, source, ledger, series.label, 'the same model prompted')]
          : [];
      });
    });
  return [...models, ...trained];
}

function findingOf(
  task: AskedTask,
  source: MeanSource,
  ledger: Ledger,
  more: string,
  less: string,
): Finding {
  const side = sideOf(asGain(task, ledger.figure(source)));
  const number = say`${ledger.withInterval(source, 'signed')}, n = ${ledger.n(source)}${ofWhat(source)}`;
  const name = taskName(task);
  if (side === 0)
    return {
      isTold: false,
      sentence: say`${name}: ${more} and ${less} cannot be told apart (${number}).`,
    };
  return {
    isTold: true,
    sentence: say`${name}: ${more} is ${side === 1 ? 'better' : 'worse'} than ${less} (${number}).`,
  };
}

const ofWhat = ({ of }: MeanSource): string => (of.length === 1 ? ' items' : ' characters');

/** At most five sentences: what was shown, then what was not. Each is a test with its interval. */
export function summary(data: StudyData, shape: StudyShape, ledger: Ledger): Phrase[] {
  const found = findingsOf(shape, ledger);
  const told = found.filter(({ isTold }) => isTold);
  const rest = found.filter(({ isTold }) => !isTold);
  const most = 5;
  const shown = [...told.slice(0, most), ...rest.slice(0, Math.max(0, most - told.length))];
  if (shown.length > 0) return shown.map(({ sentence }) => sentence);
  return alone(data, shape, ledger);
}

/** The scores themselves, for a study that compares nothing. */
function alone({ gaps }: StudyData, shape: StudyShape, ledger: Ledger): Phrase[] {
  const scores = shape.series.flatMap((series: Series) =>
    shape.tasks.flatMap((task) => {
      const source = scoreOf(series, task);
      if (!source) return [];
      return [
        say`${taskName(task)}: ${series.label} reaches ${ledger.withInterval(source)} (n = ${ledger.n(source)}${ofWhat(source)}).`,
      ];
    }),
  );
  const nothing = plain(
    `Nothing is compared here yet: ${gaps.length} tasks of the study are not done.`,
  );
  return scores.length > 0 ? scores.slice(0, 5) : [joined([nothing])];
}
