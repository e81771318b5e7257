import { prng, seedOf, shuffled } from '../measure/statistics/prng.ts';
import { isCollective } from '../play/cast/label.ts';
import type { Play } from '../play/play.ts';
import { sceneTurns } from '../play/scene-turns.ts';
import { directorOf, type SaidTurn } from '../stage/director.ts';
import type { NextEvent, Policy } from '../stage/events.ts';

/** Turns of a scene on the stage, unless told otherwise. */
const turnsLong = 24;

/** Who speaks is a director's choice; the words are any that the character says anywhere in the play. */
export interface ScheduledScene {
  /** Cast names. */
  readonly onStage: readonly string[];
  readonly turns: readonly SaidTurn[];
}

/**
 * A scene of four who speak in the same scene of a play: which four, and their words, are drawn by the seed.
 *
 * @param pick Who speaks where the director's own choice is not to stand.
 */
export async function scheduledScene(
  play: Play,
  policy: Policy,
  seed: number,
  pick = ({ chosen }: NextEvent): string => chosen,
): Promise<ScheduledScene> {
  const scenes = sceneTurns(play);
  const random = prng(seedOf(play.title, String(seed)));
  const pools = scenes
    .map(({ turns }) => [...new Set(turns.flatMap(({ speakers }) => speakers))])
    .map((speakers) => speakers.filter((name) => !isCollective(name)))
    .filter((speakers) => speakers.length >= 4);
  const onStage = shuffled(pools[Math.floor(random() * pools.length)]!, random).slice(0, 4);
  const lines = onStage.map((name) =>
    scenes.flatMap(({ turns }) => turns.filter(({ speakers }) => speakers.includes(name))),
  );
  const director = directorOf(policy, { play });
  const turns: SaidTurn[] = [];
  for (let turn = 0; turn < turnsLong; turn++) {
    const given = { turns, onStage, entered: new Map(), nudges: new Map(), seed, turn };
    const choice = await director.next(given);
    if (choice.kind !== 'next') throw new Error(`the scene ended after ${turn} turns`);
    const who = pick(choice);
    const own = lines[onStage.indexOf(who)]!;
    turns.push({ who, text: own[Math.floor(random() * own.length)]!.text });
  }
  return { onStage, turns };
}
