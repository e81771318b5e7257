import type { Source } from '../../corpus/source.ts';
import type { Item } from '../../measure/row.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { itemId } from '../item-id.ts';
import { mainCharacters } from '../main-characters.ts';
import { neutralProse } from '../neutral-prose.ts';
import type { Request, SceneTurn, Task } from '../task.ts';
import { firstWords, turnsBefore } from '../turn-windows.ts';
import { codeLength, pooledBits } from './bits-measure.ts';
import { summaries } from './summaries.ts';

export interface BitsItem extends Item {
  /** Under whose label the text stands. */
  readonly speaker: string;
  readonly kind: 'own' | 'other' | 'neutral';
  readonly context: readonly SceneTurn[];
  readonly text: string;
}

/** A shorter speech tells nothing. */
const leastWords = 3;
/** Words of the scene that are shown before the text. */
const contextWords = 40;
/** A longer text is cut; a soliloquy would weigh as much as a scene. */
const mostWords = 120;

const own = pooledBits('own');
const other = pooledBits('other');
const neutral = pooledBits('neutral');

/**
 * Bits per byte of what a character says, beside what others say, and plain modern prose, put under the same
 * label: the measure that moves least by chance, so the first to ring.
 *
 * Raw bits mostly tell how well the model knows the play. What counts is how much dearer the words of others
 * are; what an adapter gains is the difference to the base model, worked out by who has both. Each speech of
 * the character has a partner of another speaker in the same part, as near as can be in length, since bits per
 * byte fall with length.
 *
 * Floor: 0, who has no idea of the character. Baselines: none that is trivial. Ceiling: unknown.
 * Anchors: the character's words in another order must be dearer on any model. The impostor is the other half
 * of the task itself: with others' words in place of the character's the gap is 0 by construction.
 */
export const bits: Task<BitsItem> = {
  name: 'bits',
  version: 1,
  summary: summaries.bits,
  metrics: [
    {
      name: 'other minus own',
      unit: 'bits per byte',
      higherIsBetter: true,
      floor: 0,
      of: (rows) => other.of(rows) - own.of(rows),
      weight: (row) => other.weight(row) + own.weight(row),
    },
    { name: 'own', unit: 'bits per byte', higherIsBetter: false, ...own },
    { name: 'other', unit: 'bits per byte', higherIsBetter: null, ...other },
    { name: 'neutral', unit: 'bits per byte', higherIsBetter: null, ...neutral },
  ],
  anchors: [
    { name: 'shuffled', requests: (item) => requests(item.kind === 'own' ? jumbled(item) : item) },
  ],
  invariants: [['subject', 'shuffled']],

  items: (source) =>
    (source.character ? [source.character.name] : mainCharacters(source.play)).flatMap((speaker) =>
      itemsOf(source, speaker),
    ),
  unitOf: ({ speaker, scene }) => `${speaker} ${scene}`,
  requests,
  measure: ({ text }, [answer]) => codeLength(answer, text),
};

function requests({ context, speaker, scene, text }: BitsItem): Request[] {
  const before = { kind: 'scene', turns: context, speaker, at: scene } as const;
  return [{ kind: 'score', context: before, continuations: [text] }];
}

function jumbled(item: BitsItem): BitsItem {
  const order = shuffled(item.text.split(' '), prng(seedOf(item.id, 'shuffled')));
  return { ...item, text: order.join(' ') };
}

/** A speech and where it stands. */
interface Found {
  readonly scene: string;
  readonly part: string;
  readonly turns: readonly Turn[];
  readonly at: number;
  readonly turn: Turn;
}

function itemsOf({ play, sha256, split }: Source, speaker: string): BitsItem[] {
  const all = sceneTurns(play).flatMap(({ scene, turns }) =>
    turns.map((turn, at): Found => ({ scene, part: split.partOf(scene), turns, at, turn })),
  );
  const long = all.filter(({ turn }) => turn.words >= leastWords && turn.speakers.length === 1);
  const item = (kind: BitsItem['kind'], { scene, turns, at, turn }: Found, text = turn.text) => ({
    id: itemId(sha256, bits, turn.place, speaker, kind),
    task: bits.name,
    scene,
    place: turn.place,
    speaker,
    kind,
    context: turnsBefore(turns, at, contextWords),
    text: firstWords(text, mostWords),
  });
  const owned = long.filter(({ turn }) => turn.speaker === speaker);
  // Who has just spoken does not begin again under the same label.
  const others = long.filter(
    ({ turn, turns, at }) => turn.speaker !== speaker && turns[at - 1]?.speaker !== speaker,
  );
  const scenes = sceneTurns(play).map(({ scene }) => scene);
  const passage = (scene: string): string =>
    neutralProse[scenes.indexOf(scene) % neutralProse.length]!;
  const partner = partners(owned, others);
  const found = owned.flatMap((one, i) => [
    item('own', one),
    ...(partner[i] ? [item('other', partner[i])] : []),
    ...(owned[i - 1]?.scene === one.scene ? [] : [item('neutral', one, passage(one.scene))]),
  ]);
  // What is asked at one point of the story stands together, so that the persona is read once for it.
  return scenes.flatMap((scene) => found.filter((one) => one.scene === scene));
}

/** For each speech, in order, the nearest in length in the same part that is not taken yet. */
function partners(owned: readonly Found[], others: readonly Found[]): (Found | undefined)[] {
  const free = new Set(others);
  return owned.map(({ part, turn }) => {
    let best: Found | undefined;
    for (const one of free)
      if (one.part === part && (!best || off(one.turn, turn) < off(best.turn, turn))) best = one;
    if (best) free.delete(best);
    return best;
  });
}

const off = (one: Turn, wanted: Turn): number => Math.abs(one.words - wanted.words);
