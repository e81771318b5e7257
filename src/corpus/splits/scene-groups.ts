import type { Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';
import { words } from '../../play/words.ts';

/** Scenes that must be in one part, and how much is said in them: most often a single scene. */
export interface SceneGroup {
  /** In the order of the play, as "act.scene". */
  readonly scenes: readonly string[];
  readonly words: number;
  /** Words by cast name; a joint speech counts for each of its speakers. */
  readonly bySpeaker: ReadonlyMap<string, number>;
}

/**
 * Scenes that say so many words alike stay together: a letter or a message that is read out twice would else be known
 * from the other scene. Hamlet and Macbeth have no such scenes, Twelfth Night has three.
 */
const linkingWords = 6;

const known = new WeakMap<Play, readonly SceneGroup[]>();

/** The scenes of a play, in groups that share no six words in a row with each other; in order of their first scenes. */
export function sceneGroups(play: Play): readonly SceneGroup[] {
  let groups = known.get(play);
  if (!groups) {
    groups = group(play);
    known.set(play, groups);
  }
  return groups;
}

interface Tally {
  readonly scenes: string[];
  words: number;
  readonly bySpeaker: Map<string, number>;
}

function group(play: Play): readonly SceneGroup[] {
  const links = new Links();
  const firstSaidIn = new Map<string, string>();
  const said: { scene: string; count: number; speakers: readonly string[] }[] = [];
  for (const { number, scenes } of play.acts)
    for (const scene of scenes) links.add(`${number}.${scene.number}`);
  for (const { act, scene: within, speech } of speeches(play)) {
    const scene = `${act.number}.${within.number}`;
    const own = words(speech.lines.join('\n'));
    said.push({ scene, count: own.length, speakers: speech.speakers });
    for (let end = linkingWords; end <= own.length; end++) {
      const run = own.slice(end - linkingWords, end).join(' ');
      const first = firstSaidIn.get(run);
      if (first === undefined) firstSaidIn.set(run, scene);
      else if (first !== scene) links.join(first, scene);
    }
  }
  const groups = new Map<string, Tally>();
  for (const scene of links.scenes()) {
    const first = links.firstOf(scene);
    const tally: Tally = groups.get(first) ?? { scenes: [], words: 0, bySpeaker: new Map() };
    tally.scenes.push(scene);
    groups.set(first, tally);
  }
  for (const { scene, count, speakers } of said) {
    const tally = groups.get(links.firstOf(scene))!;
    tally.words += count;
    for (const name of speakers)
      tally.bySpeaker.set(name, (tally.bySpeaker.get(name) ?? 0) + count);
  }
  return [...groups.values()];
}

/** Which scenes hang together, directly or through others: a union-find. */
class Links {
  readonly #leader = new Map<string, string>();

  add(scene: string): void {
    this.#leader.set(scene, scene);
  }

  scenes(): Iterable<string> {
    return this.#leader.keys();
  }

  /** Names the group that a scene is in, by one of its scenes: one name for all that hang together. */
  firstOf(scene: string): string {
    let at = scene;
    for (;;) {
      const above = this.#leader.get(at)!;
      if (above === at) return at;
      this.#leader.set(at, this.#leader.get(above)!);
      at = above;
    }
  }

  join(one: string, other: string): void {
    this.#leader.set(this.firstOf(other), this.firstOf(one));
  }
}
