import type { Resources, SweepPoint } from './manifest.ts';
import { optionWords } from './option-words.ts';
import type { TaskDraft } from './plan-tasks.ts';
import type { Study } from './study.ts';

/** What is asked of a model by itself, and of no character. */
const ofNobody = { character: '', seed: null, fold: null, levers: null } as const;

interface ModelTask {
  /** Name of the model as a command has it: an id, a URI or an absolute path. */
  readonly model: string;
  readonly resources: Resources;
  readonly labelOf: (kind: 'scenes' | 'speed', point: SweepPoint) => string;
  /** The words that fix threads and device. */
  readonly machine: readonly string[];
}

/** The command that lets a model play the scenes of a study; none where the study has none. */
export function scenesOf(
  { scenes }: Pick<Study, 'scenes'>,
  { model, resources, labelOf, machine }: ModelTask,
): TaskDraft[] {
  if (!scenes) return [];
  const { tasks, ...options } = scenes;
  const point: SweepPoint = { ...ofNobody, model, recipe: 'scenes', tasks };
  const label = labelOf('scenes', point);
  const output = `results/${label}/scenes.json`;
  return [
    {
      ...{ kind: 'scenes', label, point, after: [], outputs: [output], resources },
      argv: [
        ...['eval', ...tasks.split(/[\s,]+/), '--run'],
        ...optionWords({ model, ...options }),
        ...machine,
        ...['--json', output],
      ],
    },
  ];
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
        ...['bench', ...benches.split(/[\s,]+/)],
        ...optionWords({ model, ...options }),
        ...machine,
        ...['--out', output],
      ],
    },
  ];
}
