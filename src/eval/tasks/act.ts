import type { Item } from '../../measure/row.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { isCollective } from '../../play/cast/label.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { itemId } from '../item-id.ts';
import type { Request, SceneTurn, Task } from '../task.ts';
import { firstWords, windowBefore } from '../turn-windows.ts';
import { codeLength, pooledBits } from './bits-measure.ts';
import { summaries } from './summaries.ts';

export interface ActItem extends Item {
  readonly kind: 'turn';
  readonly speaker: string;
  /** The scene before the turn. */
  readonly context: readonly SceneTurn[];
  readonly text: string;
}

/** Turns of a scene that are given before the first that is asked about. */
const givenTurns = 4;
/** A longer turn is cut. */
const mostWords = 80;
/** Turns that change places among themselves in the shuffled row. */
const blockTurns = 6;

const measured = pooledBits('turn');

/**
 * A scene played on: its first four turns are given, and each turn after that is scored where it stands, with
 * the speaker's label. Unlike CoSER, from which the task is, nothing is generated and nobody judges: the
 * question is how likely the original scene is to the system that would play it.
 *
 * Floor: none that is known. Baseline: "empty", the same turns without the scene before them. Ceiling: unknown.
 * Anchors: with the turns of the scene before them in another order, or without them, the words must be dearer
 * on any model.
 *
 * @see Wang et al., "CoSER: Coordinating LLM-Based Persona Simulation of Established Roles", 2025.
 */
export const act: Task<ActItem> = {
  name: 'act',
  version: 1,
  summary: summaries.act,
  metrics: [{ name: 'turns', unit: 'bits per byte', higherIsBetter: false, ...measured }],
  anchors: [
    { name: 'shuffled', requests: (item) => requests({ ...item, context: disordered(item) }) },
    { name: 'empty', requests: (item) => requests({ ...item, context: [] }) },
  ],
  invariants: [
    ['subject', 'shuffled'],
    ['subject', 'empty'],
  ],

  items: ({ play, sha256, character }) =>
    sceneTurns(play).flatMap(({ scene, turns }) =>
      turns.flatMap(({ speaker, speakers, place, text }, at): ActItem[] => {
        const asked = character ? speaker === character.name : speakers.length === 1;
        if (at < givenTurns || !asked || isCollective(speaker)) return [];
        return [
          {
            id: itemId(sha256, act, place),
            task: act.name,
            scene,
            place,
            kind: 'turn',
            speaker,
            context: windowBefore(turns, at),
            text: firstWords(text, mostWords),
          },
        ];
      }),
    ),
  unitOf: ({ scene }) => scene,
  requests,
  measure: ({ text }, [answer]) => codeLength(answer, text),
};

function requests({ context, speaker, scene, text }: ActItem): Request[] {
  const before = { kind: 'scene', turns: context, speaker, at: scene } as const;
  return [{ kind: 'score', context: before, continuations: [text] }];
}

/**
 * The turns in another order, block by block, so that the contexts of a scene still share their beginning
 * and are read once. The last block, which is what the next turn answers to, has 4 to 9 turns.
 */
function disordered({ context, scene }: ActItem): SceneTurn[] {
  const blocks = Math.max(0, Math.floor((context.length - givenTurns) / blockTurns));
  const cuts = [...Array.from({ length: blocks + 1 }, (_, i) => i * blockTurns), context.length];
  return cuts.flatMap((from, i) => {
    const block = context.slice(from, cuts[i + 1]);
    return shuffled(block, prng(seedOf(scene, 'shuffled', block[0]?.text ?? '')));
  });
}
