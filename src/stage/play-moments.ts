import type { Play } from '../play/play.ts';
import { sceneTurns, type Turn } from '../play/scene-turns.ts';
import { type KnownCast, knownCast, type Situation } from './turn-features.ts';

/** A turn of a play and what was known right before it. */
export interface PlayMoment {
  /** Such as "3.1". */
  readonly scene: string;
  readonly turn: Turn;
  /** The turns before it in the scene, and who had come on. */
  readonly situation: Situation;
  /** Those who spoke last; none at the start of a scene. */
  readonly last: readonly string[];
  /** The cast with its speeches in the other scenes: what is to be found out must not be known. */
  readonly cast: KnownCast;
}

/** Every turn of a play with what was known right before it. */
export function playMoments(play: Play): PlayMoment[] {
  const whole = knownCast(play);
  return sceneTurns(play).flatMap(({ scene, turns }) => {
    const cast = castWithout(whole, turns);
    const said = turns.map(({ speaker, text }) => ({ who: speaker, text }));
    const entered = entrances(turns);
    return turns.map((turn, at) => ({
      scene,
      turn,
      situation: { turns: said.slice(0, at), entered: entered[at]! },
      last: turns[at - 1]?.speakers ?? [],
      cast,
    }));
  });
}

function castWithout(cast: KnownCast, turns: readonly Turn[]): KnownCast {
  const speeches = new Map(cast.speeches);
  for (const name of turns.flatMap(({ speakers }) => speakers))
    speeches.set(name, (speeches.get(name) ?? 0) - 1);
  return { ...cast, speeches };
}

/** For each turn how many had been spoken when each of those on stage came on last. */
function entrances(turns: readonly Turn[]): ReadonlyMap<string, number>[] {
  let before = new Map<string, number>();
  return turns.map(({ present }, at) => {
    before = new Map(present.map((name) => [name, before.get(name) ?? at]));
    return before;
  });
}
