import type { Source } from '../../corpus/source.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import { firstWords } from '../turn-windows.ts';

/** Where a wrong reply is from. Nothing else is alike in all three: each tells what it leaves to tell by. */
export const tiers = ['other speaker', 'other scene', 'same scene'] as const;
export type Tier = (typeof tiers)[number];

/** A turn with what it stands in. */
export interface Reply {
  readonly scene: string;
  /** All turns of the scene. */
  readonly turns: readonly Turn[];
  /** Index of the turn among them, from 0. */
  readonly at: number;
  readonly turn: Turn;
  /** The words that are shown: the first ones. */
  readonly text: string;
  /** Length of `text` in words. */
  readonly length: number;
  /** A key that texts share which differ in punctuation only. */
  readonly key: string;
}

/** A shorter turn says nothing of what it answers. */
const leastWords = 4;
/** A longer reply is cut: what answers the cue stands at its start, and every word costs. */
export const mostWords = 16;

/** The turns of at least four words of one part of a play. */
export interface ReplyPool {
  /** In the play's order. */
  readonly replies: readonly Reply[];
  /** By `length`, counted from 0 words. */
  readonly byLength: readonly (readonly Reply[])[];
}

/**
 * The pool that a scene's replies are from and are asked among: who was trained on one part must not be offered its
 * words in another.
 */
export function replyPools(source: Source): (scene: string) => ReplyPool {
  const byPart = new Map<string, Reply[]>();
  for (const { scene, turns } of sceneTurns(source.play)) {
    const part = source.split.partOf(scene);
    if (!byPart.has(part)) byPart.set(part, []);
    turns.forEach((turn, at) => {
      if (turn.words >= leastWords) byPart.get(part)!.push(replyOf(scene, turns, at));
    });
  }
  const pools = new Map(Array.from(byPart, ([part, replies]) => [part, poolOf(replies)]));
  return (scene) => pools.get(source.split.partOf(scene))!;
}

function poolOf(replies: readonly Reply[]): ReplyPool {
  const byLength: Reply[][] = [];
  for (const reply of replies) {
    while (byLength.length <= reply.length) byLength.push([]);
    byLength[reply.length]!.push(reply);
  }
  return { replies, byLength };
}

function replyOf(scene: string, turns: readonly Turn[], at: number): Reply {
  const turn = turns[at]!;
  const text = firstWords(turn.text, mostWords);
  const spoken = words(text);
  return { scene, turns, at, turn, text, length: spoken.length, key: spoken.join(' ') };
}

/** Whether a turn of at least four words stands right before it. */
export function isAnswer({ turns, at }: Reply): boolean {
  return at > 0 && turns[at - 1]!.words >= leastWords;
}

/**
 * Wrong replies for a right one: from the tier, none that was said in the turns shown, all with different words, as
 * long as the right one or as nearly as can be.
 *
 * @param shownFrom First turn of the scene that is shown; what is said there is no candidate.
 * @returns `count` replies, or fewer if there are no more.
 */
export function distractors(
  right: Reply,
  tier: Tier,
  { pool, shownFrom, count }: { pool: ReplyPool; shownFrom: number; count: number },
): Reply[] {
  const random = prng(seedOf(right.turn.place, right.key, tier));
  const wasShown = ({ scene, at }: Reply): boolean =>
    scene === right.scene && at >= shownFrom && at <= right.at;
  const chosen = new Map<string, Reply>();
  for (const alike of byNearness(pool, right.length)) {
    const eligible = alike.filter(
      (reply) => isOfTier(reply, right, tier) && !wasShown(reply) && reply.key !== right.key,
    );
    for (const reply of shuffled(eligible, random)) {
      if (chosen.size === count) return [...chosen.values()];
      if (!chosen.has(reply.key)) chosen.set(reply.key, reply);
    }
  }
  return [...chosen.values()];
}

/** The replies of a pool in groups, those as long first, then those a word longer or shorter, and so on. */
function* byNearness({ byLength }: ReplyPool, length: number): Generator<readonly Reply[]> {
  for (let far = 0; far < byLength.length; far++)
    yield [...(byLength[length - far] ?? []), ...(far === 0 ? [] : (byLength[length + far] ?? []))];
}

function isOfTier(reply: Reply, right: Reply, tier: Tier): boolean {
  const sameSpeaker = reply.turn.speaker === right.turn.speaker;
  const sameScene = reply.scene === right.scene;
  switch (tier) {
    case 'other speaker':
      return !sameSpeaker && !sameScene;
    case 'other scene':
      return sameSpeaker && !sameScene;
    case 'same scene':
      return sameScene;
  }
}
