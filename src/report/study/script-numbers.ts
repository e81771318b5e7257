import type { SceneScript } from '../../eval/scenes/scene-script.ts';
import { studentMean } from '../../measure/statistics/student-mean.ts';

/** A pair of speakers, the second of whom speaks right after the first. */
export interface SpeakerPair {
  readonly first: string;
  readonly next: string;
}

/** How often somebody speaks right after somebody else; `n` is how often anybody speaks after the first. */
export function followed(
  scripts: readonly SceneScript[],
  { first, next }: SpeakerPair,
): { readonly value: number; readonly n: number } {
  const after = pairsOf(scripts).filter((pair) => pair.first === first);
  return { value: after.filter((pair) => pair.next === next).length, n: after.length };
}

/**
 * How far who speaks after whom differs from the same situation in the play: the total variation between the shares of all
 * pairs of speakers, 0 where each is as frequent, 1 where no pair is common to both. The mean over situations, with
 * Student's interval. A scene of one turn has no pair and is left out.
 */
export function orderDistance(own: readonly SceneScript[], printed: readonly SceneScript[]) {
  const situations = [...new Set(own.map(({ situation }) => situation))];
  const distances = situations.flatMap((situation) => {
    const [a, b] = [own, printed].map((scripts) =>
      sharesOf(pairsOf(scripts.filter((one) => one.situation === situation))),
    );
    return a!.size > 0 && b!.size > 0 ? [totalVariation(a!, b!)] : [];
  });
  const { value, low, high, n } = studentMean(distances);
  return { value, low: Math.max(0, low), high: Math.min(1, high), n };
}

const pairsOf = (scripts: readonly SceneScript[]): SpeakerPair[] =>
  scripts.flatMap(({ turns }) =>
    turns.slice(1).map(({ who }, i) => ({ first: turns[i]!.who, next: who })),
  );

function sharesOf(pairs: readonly SpeakerPair[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const { first, next } of pairs) {
    const key = JSON.stringify([first, next]);
    shares.set(key, (shares.get(key) ?? 0) + 1 / pairs.length);
  }
  return shares;
}

function totalVariation(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const keys = new Set([...a.keys(), ...b.keys()]);
  let sum = 0;
  for (const key of keys) sum += Math.abs((a.get(key) ?? 0) - (b.get(key) ?? 0));
  return sum / 2;
}

/** What is counted of somebody in one scene. */
export type SaidWhat = 'turns' | 'words' | 'recalled';

/** What one of a scene has of its turns, words or recalled passages; `n` is what all have together. */
export function saidOf(
  { turns }: Pick<SceneScript, 'turns'>,
  who: string,
  what: SaidWhat,
): { readonly value: number; readonly n: number } {
  let [value, n] = [0, 0];
  for (const turn of turns) {
    const many = { turns: 1, words: turn.words, recalled: turn.recalled?.length ?? 0 }[what];
    n += many;
    if (turn.who === who) value += many;
  }
  return { value, n };
}
