import type { Resources, SweepPoint } from './manifest.ts';
import { optionWords } from './option-words.ts';
import type { TaskDraft } from './plan-tasks.ts';
import { namesIn, playedOf, type Study, type StudyScenes } from './study.ts';

/** What is asked of a model by itself, and of no character. */
const ofNobody = { character: '', seed: null, fold: null, levers: null } as const;

interface ModelTask {
  /** Name of the model in the study. */
  readonly named: string;
  /** Name of the model as a command has it: an id, a URI or an absolute path. */
  readonly model: string;
  readonly resources: Resources;
  readonly labelOf: (kind: 'scenes' | 'speed', point: SweepPoint) => string;
  /** The words that fix threads and device. */
  readonly machine: readonly string[];
}

/** The commands that let a model play the scenes of a study; none where the study has none for it. */
export function scenesOf(study: Pick<Study, 'scenes'>, task: ModelTask): TaskDraft[] {
  return playedOf(study)
    .filter(({ models }) => models === undefined || models.includes(task.named))
    .map((scenes) => playing(scenes, task));
}

function playing(
  { tasks, models: _, ...options }: StudyScenes,
  { model, resources, labelOf, machine }: ModelTask,
): TaskDraft {
  const point: SweepPoint = { ...ofNobody, model, recipe: 'scenes', tasks };
  const label = labelOf('scenes', point);
  const output = `results/${label}/scenes.json`;
  return {
    ...{ kind: 'scenes', label, point, after: [], outputs: [output], resources },
    argv: [
      ...['eval', ...namesIn(tasks), '--run'],
      ...optionWords({ model, ...options }),
      ...machine,
      ...['--json', output],
    ],
  };
}

/** The command that measures how fast a model is here; none where the study does not ask for it. */
export function speedOf(
  { speed }: Pick<Study, 'speed'>,
  { model, resources, labelOf, machine }: ModelTask,
): TaskDraft[] {
  if (!speed) return [];
  const { benches, ...options } = speed;
  const point: SweepPoint = { ...ofNobody, model, recipe: 'speed', tasks: benches };
  const label = labelOf('speed', point);
  const output = `results/${label}/speed.json`;
  return [
    {
      ...{ kind: 'speed', label, point, after: [], outputs: [output], resources },
      argv: [
        ...['bench', ...namesIn(benches)],
        ...optionWords({ model, ...options }),
        ...machine,
        ...['--out', output],
      ],
    },
  ];
}
