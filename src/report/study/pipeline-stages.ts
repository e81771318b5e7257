import { rowKinds } from '../../corpus/rows/training-row.ts';
import { benchNames } from '../../engine/bench/measured.ts';
import { componentNames } from '../../eval/subject.ts';
import { allTasks } from '../../eval/tasks/all.ts';
import { memoryKinds } from '../../memory/recalled.ts';
import { gateFigures } from '../../registry/promotion-gate.ts';
import { choiceTasks } from '../../reinforce/choice-tasks.ts';
import { policies } from '../../stage/events.ts';
import { leverNames } from '../../steer/lever-names.ts';
import { objectiveNames } from '../../train/objectives/all.ts';

/** A stage of the way from a text to a measured conversation. */
export interface PipelineStage {
  readonly name: string;
  /** Folders of src/ that do it. */
  readonly folders: readonly string[];
  /** The work of this stage, in a sentence. */
  readonly does: string;
  /** What the list below is of. */
  readonly of: string;
  /** What the program has for it: its own lists, so that the picture cannot grow old. */
  readonly parts: readonly string[];
}

/** The stages in the order in which text passes through them. */
export const pipelineStages: readonly PipelineStage[] = [
  {
    name: 'Data',
    folders: ['play', 'corpus'],
    does: 'A text becomes a play: who speaks, in which scene, before whom; and rows to learn from.',
    of: 'kinds of rows',
    parts: rowKinds,
  },
  {
    name: 'Training',
    folders: ['train'],
    does: 'An adapter learns how the character speaks, on the model file that chats.',
    of: 'objectives',
    parts: objectiveNames,
  },
  {
    name: 'Reinforcement',
    folders: ['reinforce'],
    does: 'An adapter learns from rewards, on questions whose answers the plays hold.',
    of: 'questions',
    parts: choiceTasks.map(({ name }) => name),
  },
  {
    name: 'Registry',
    folders: ['registry'],
    does: 'Every adapter is a version; one is put in use only if it passes the gate.',
    of: 'figures of the gate',
    parts: Object.values(gateFigures),
  },
  {
    name: 'Retrieval',
    folders: ['memory'],
    does: 'What the character witnessed or was told by then is searched, by words and by meaning.',
    of: 'kinds of memories',
    parts: memoryKinds,
  },
  {
    name: 'Prompting',
    folders: ['prompt'],
    does: 'Persona, memories and the scene so far become the tokens that the model reads.',
    of: 'components that can be taken away',
    parts: componentNames.filter((name) => !leverNames.some((lever) => lever === name)),
  },
  {
    name: 'Steering',
    folders: ['steer'],
    does: 'Each next token is drawn from probabilities that levers have bent.',
    of: 'levers',
    parts: leverNames,
  },
  {
    name: 'Stage',
    folders: ['actor', 'stage'],
    does: 'Several voices share a scene; each heard what it was there for, and one is chosen to speak.',
    of: 'ways to choose the speaker',
    parts: policies,
  },
  {
    name: 'Measuring',
    folders: ['measure', 'eval', 'sweep'],
    does: 'Every combination is asked the same items, with controls that need no model.',
    of: 'tasks',
    parts: [...allTasks.map(({ name }) => name), ...benchNames.map((name) => `bench ${name}`)],
  },
];
