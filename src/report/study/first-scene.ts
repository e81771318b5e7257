import type { SceneScript } from '../../eval/scenes/scene-script.ts';
import type { PlayedScenes } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';
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

/** The first scene as far as a figure of one page has room for it. */
export interface DrawnScene extends FirstScene {
  /** The play's own turns, then those of the first models. */
  readonly tellings: readonly SceneTelling[];
  /** The first of the speakers. */
  readonly people: readonly string[];
}

const [mostModels, mostPeople] = [3, 8];

/** The arm of the plays' own turns. */
export const printedArm = 'original';
const printedName = 'as printed';

/** The first situation of four, or of two where the study has none of four; undefined where no scripts were kept. */
function firstScene(scenes: readonly PlayedScenes[]): FirstScene | undefined {
  return sceneOf('quartet', scenes) ?? sceneOf('duet', scenes);
}

/** The first situation, with the models and people of it that are drawn; undefined where no scripts were kept. */
export function drawnScene(scenes: readonly PlayedScenes[]): DrawnScene | undefined {
  const scene = firstScene(scenes);
  return (
    scene && {
      ...scene,
      tellings: [scene.printed, ...scene.played.slice(0, mostModels)],
      people: scene.speakers.slice(0, mostPeople),
    }
  );
}

/** A figure of one scene for a study that kept none. */
export const withoutScene = (name: string, title: string): StudyFigure => ({
  ...{ kind: 'left out', name, title },
  why: 'The study has no scenes of which it was kept who spoke when.',
  command: 'dramatis eval quartet --run --json scenes.json',
});

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
