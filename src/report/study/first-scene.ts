import type { SceneScript } from '../../eval/scenes/scene-script.ts';
import type { PlayedScenes } from './study-data.ts';
import { shortName } from './study-shape.ts';

/** The scenes of a situation as one model played them, or as the play has them. */
export interface SceneTelling {
  readonly run: string;
  /** "as printed", or the name of the model. */
  readonly name: string;
  readonly arm: string;
  readonly scripts: readonly SceneScript[];
  /** First digits of the model's sha256; of the play's own turns there is none. */
  readonly hash?: string;
}

/** The situation that comes first in the study, in the play's own turns and as each model played it. Nobody picks it. */
export interface FirstScene {
  readonly task: 'duet' | 'quartet';
  /** Such as "hamlet 3.2.294 four". */
  readonly situation: string;
  /** Cast names in the order in which they first speak in the play, then those who speak in no line of it there. */
  readonly speakers: readonly string[];
  readonly printed: SceneTelling;
  readonly played: readonly SceneTelling[];
}

/** The arm of the plays' own turns. */
export const printedArm = 'original';
const printedName = 'as printed';

/** The first situation of four, or of two where the study has none of four; undefined where no scripts were kept. */
export function firstScene(scenes: readonly PlayedScenes[]): FirstScene | undefined {
  return sceneOf('quartet', scenes) ?? sceneOf('duet', scenes);
}

function sceneOf(
  task: FirstScene['task'],
  scenes: readonly PlayedScenes[],
): FirstScene | undefined {
  for (const one of scenes) {
    const results = one.results.tasks.find((found) => found.task === task);
    for (const { situation } of results?.arms[0]?.scripts ?? []) {
      const [printed] = scenes.flatMap((other) => tellingOf(other, task, situation, true) ?? []);
      const played = scenes.flatMap((other) => tellingOf(other, task, situation, false) ?? []);
      if (!printed || printed.scripts.every(({ turns }) => turns.length < 2)) continue;
      const speakers = speakersOf([printed, ...played]);
      return { task, situation, speakers, printed, played };
    }
  }
  return undefined;
}

function tellingOf(
  { task: { label }, results: { tasks, model } }: PlayedScenes,
  task: string,
  situation: string,
  isPrinted: boolean,
): SceneTelling | undefined {
  const found = tasks.find((one) => one.task === task);
  const arm = isPrinted ? found?.originals.find((one) => one.arm === printedArm) : found?.arms[0];
  const scripts = arm?.scripts?.filter((one) => one.situation === situation) ?? [];
  if (!arm || scripts.length === 0) return undefined;
  return isPrinted
    ? { run: label, name: printedName, arm: arm.arm, scripts }
    : {
        run: label,
        name: shortName(model.name),
        arm: arm.arm,
        scripts,
        hash: model.sha256.slice(0, 8),
      };
}

const speakersOf = (tellings: readonly SceneTelling[]): string[] => [
  ...new Set(
    tellings.flatMap(({ scripts }) => scripts.flatMap(({ turns }) => turns.map(({ who }) => who))),
  ),
];

/** "hamlet 3.2.294", without how many there are. */
export const placeOf = ({ situation }: Pick<FirstScene, 'situation'>): string =>
  situation.replace(/ (?:two|four)$/, '');

export const peopleOf = ({ task }: Pick<FirstScene, 'task'>): string =>
  task === 'duet' ? 'two' : 'four';
