import { DramatisError } from '../errors.ts';
import type { Direction, Place, Play, Scene, Speech } from '../play/play.ts';
import { sceneTurns, type Turn } from '../play/scene-turns.ts';

/** A speech as it is played: who is on stage when it begins, and when it ends. */
export interface PlayedTurn extends Turn {
  readonly atStart: readonly string[];
  readonly atEnd: readonly string[];
}

/** A direction and how many speeches of its scene have begun before it. */
interface PlayedDirection {
  readonly direction: Direction;
  readonly after: number;
}

/** A scene of a play with its speeches and directions in order. */
export interface PlayedScene {
  /** Such as "3.1". */
  readonly scene: string;
  /** Where it plays, without its number: "A room in the castle."; empty if the edition does not say. */
  readonly heading: string;
  readonly turns: readonly PlayedTurn[];
  readonly directions: readonly PlayedDirection[];
}

const made = new WeakMap<Play, readonly PlayedScene[]>();

/** Every scene of a play in which somebody speaks, in order. Worked out once for a play. */
export function playedScenes(play: Play): readonly PlayedScene[] {
  const known = made.get(play);
  if (known) return known;
  const turnsOf = new Map(sceneTurns(play).map(({ scene, turns }) => [scene, turns]));
  const scenes = play.acts.flatMap((act) =>
    act.scenes.flatMap((scene) => {
      const name = `${act.number}.${scene.number}`;
      const turns = turnsOf.get(name);
      return turns ? [playedScene(name, scene, turns)] : [];
    }),
  );
  made.set(play, scenes);
  return scenes;
}

/** @throws {DramatisError} PLACE_UNKNOWN if nobody speaks in the scene. */
export function requirePlayedScene(play: Play, { act, scene }: Place): PlayedScene {
  const name = `${act}.${scene}`;
  const found = playedScenes(play).find((one) => one.scene === name);
  if (found) return found;
  throw new DramatisError('PLACE_UNKNOWN', `nobody speaks in scene ${name} of "${play.title}"`);
}

function playedScene(name: string, { heading, elements }: Scene, turns: readonly Turn[]) {
  const parts: Speech[][] = [];
  const directions: PlayedDirection[] = [];
  for (const element of elements) {
    if (element.kind === 'direction') directions.push({ direction: element, after: parts.length });
    else if (element.continued && parts.length > 0) parts.at(-1)!.push(element);
    else parts.push([element]);
  }
  return {
    scene: name,
    heading: heading.replace(/^\W*scene\s+[\divxlc]+\b[.:,\s—–-]*/i, '').trim(),
    turns: turns.map((turn, i) => ({
      ...turn,
      atStart: parts[i]![0]!.present,
      atEnd: parts[i]!.at(-1)!.present,
    })),
    directions,
  };
}
