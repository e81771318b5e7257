import type { SweepTask } from '../manifest.ts';
import type { JobArray } from './job-script.ts';

/** A job array, and the arrays whose job of the same place must end well before each of its own. */
export interface PlannedArray extends JobArray {
  /** Their places among those planned. */
  readonly after: readonly number[];
  /** Whether each job waits for all jobs of those arrays, and not for the one of its own place. */
  readonly isAfterAll: boolean;
}

/**
 * The arrays of what is to be run: trainings, the evaluations that come after them, and everything else.
 *
 * Slurm holds back each job of an array by itself where it comes after the one at its own place in another (`aftercorr`);
 * so what is asked of one training is one job, and each of five folds has an array of its own. What all characters share is
 * trained by an array of one job, and what is asked of it waits for the whole array.
 *
 * @param pack Minutes that short tasks without such a tie are put together to.
 * @param most Jobs in an array, at most: MaxArraySize of the site.
 */
export function arraysOf(
  tasks: readonly SweepTask[],
  { pack, most }: { readonly pack: number; readonly most: number },
): PlannedArray[] {
  const planned: PlannedArray[] = [];
  const add = (
    name: string,
    packs: readonly (readonly SweepTask[])[],
    after: number[],
    isAfterAll = false,
  ): number => planned.push({ ...arrayOf(name, packs, after), isAfterAll }) - 1;
  const trainings = tasks.filter(({ kind }) => kind === 'train');
  const all = trainingGroups(trainings, tasks);
  for (const group of all.filter(isShared)) {
    const training = add('train', [group.trainings], []);
    for (const part of chunks(packed(group.evaluations, pack), most))
      add('eval', part, [training], true);
  }
  const groups = all.filter((group) => !isShared(group));
  // Alike are those with as many trainings, and with something asked of them or not.
  for (const kind of new Set(groups.map(kindOf)))
    for (const part of chunks(
      groups.filter((group) => kindOf(group) === kind),
      most,
    )) {
      const folds = part[0]!.trainings.map((_, fold) =>
        add(
          'train',
          part.map((group) => [group.trainings[fold]!]),
          [],
        ),
      );
      if (part[0]!.evaluations.length > 0)
        add(
          'eval',
          part.map((group) => group.evaluations),
          folds,
        );
    }
  const ids = new Set(trainings.map(({ id }) => id));
  const free = tasks.filter(
    ({ kind, after }) => kind !== 'train' && !after.some((id) => ids.has(id)),
  );
  for (const part of chunks(packed(free, pack), most)) add('eval', part, []);
  return planned;
}

/** Whether several characters are asked with what was trained: as many jobs, which would be too long as one. */
const isShared = ({ trainings, evaluations }: Group): boolean =>
  trainings.length === 1 && trainings[0]!.point.character === '' && evaluations.length > 1;

const kindOf = ({ trainings, evaluations }: Group): string =>
  `${trainings.length} ${evaluations.length > 0}`;

interface Group {
  readonly trainings: readonly SweepTask[];
  readonly evaluations: readonly SweepTask[];
}

/** Trainings that are evaluated together, such as five folds, with what is asked of them. */
function trainingGroups(
  trainings: readonly SweepTask[],
  tasks: readonly SweepTask[],
): readonly Group[] {
  const left = new Set(trainings);
  return trainings.flatMap((training): Group[] => {
    if (!left.has(training)) return [];
    const evaluations = tasks.filter(({ after }) => after.includes(training.id));
    const together = trainings.filter(
      (one) => one === training || evaluations.some(({ after }) => after.includes(one.id)),
    );
    for (const one of together) left.delete(one);
    return [{ trainings: together, evaluations }];
  });
}

/** Tasks one after another in jobs that take so many minutes, at most; each at least one. */
function packed(tasks: readonly SweepTask[], minutes: number): SweepTask[][] {
  const packs: SweepTask[][] = [];
  let left = 0;
  for (const task of tasks) {
    const needed = task.resources.minutes;
    if (packs.length === 0 || needed > left) {
      packs.push([]);
      left = Math.max(minutes, needed);
    }
    packs.at(-1)!.push(task);
    left -= needed;
  }
  return packs;
}

/** An array with room for the largest of its jobs. */
function arrayOf(
  name: string,
  packs: readonly (readonly SweepTask[])[],
  after: readonly number[],
): Omit<PlannedArray, 'isAfterAll'> {
  const most = (of: (task: SweepTask) => number): number => Math.max(...packs.flat().map(of));
  const minutes = packs.map((pack) => pack.reduce((sum, task) => sum + task.resources.minutes, 0));
  return {
    name,
    packs: packs.map((pack) => pack.map(({ index }) => index)),
    resources: {
      cpus: most(({ resources }) => resources.cpus),
      gpus: most(({ resources }) => resources.gpus),
      memMiB: most(({ resources }) => resources.memMiB),
      minutes: Math.max(...minutes),
    },
    after,
  };
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}
