import type { Source } from '../../corpus/source.ts';
import type { Values } from '../../measure/row.ts';
import { prng, seedOf, shuffled } from '../../measure/statistics/prng.ts';
import { properNames } from '../../play/proper-names.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { guardedPlay } from '../../stage/guards/guarded-play.ts';
import type { StageSituation } from '../../stage/situations.ts';
import type { SceneTurn } from '../task.ts';
import { heldOutOrders, heldOutVoices } from '../tasks/conversation.ts';
import { said } from '../turn-windows.ts';
import { conversationFigures } from './scene-figures.ts';

/** What the play has at a situation, in the order of print or in another. */
export interface OriginalScene {
  readonly situation: string;
  readonly row: OriginalRow;
  /** Turns of the play before those that count. */
  readonly opening: readonly SceneTurn[];
  readonly turns: readonly SceneTurn[];
  /** Figures that ask no model. */
  readonly figures: Values;
}

/** How the play's own turns are ordered: as printed, and in two ways that measures must tell from that. */
export const originalRows = ['original', 'shuffled', 'swapped speakers'] as const;
type OriginalRow = (typeof originalRows)[number];

/** Turns of the play that a situation opens with. */
const openingTurns = 2;

/**
 * The play's own turns from a situation on: as printed, in an order drawn by the situation, and each in the mouth of the next
 * speaker. None where the play has no speech at the situation's place.
 *
 * @param length How many turns, at most; fewer where the scene ends before.
 */
export function originalScenes(
  source: Source,
  { id, at }: Pick<StageSituation, 'id' | 'at'>,
  length: number,
): readonly OriginalScene[] {
  const { play } = source;
  const found = sceneTurns(play).find(({ turns }) => turns.some(({ place }) => place === at));
  if (!found) return [];
  const { scene } = found;
  const first = found.turns.findIndex(({ place }) => place === at);
  const opening = found.turns.slice(Math.max(0, first - openingTurns), first).map(said);
  const printed = found.turns.slice(first, first + length);
  const speakers = [...new Set(printed.map(({ speaker }) => speaker))];
  const next = (name: string): string => speakers[(speakers.indexOf(name) + 1) % speakers.length]!;
  const voiceOf = heldOutVoices(source);
  const facts = {
    names: properNames(play),
    order: heldOutOrders(source)(scene),
    guarded: guardedPlay(play),
    ...{ scene, speakers },
  };
  const rowOf = (row: OriginalRow, turns: readonly Turn[]): OriginalScene => ({
    ...{ situation: id, row, opening, turns: turns.map(said) },
    figures: conversationFigures(
      turns.map((turn) => ({ ...said(turn), voice: voiceOf(turn, speakers) })),
      facts,
    ),
  });
  return [
    rowOf('original', printed),
    rowOf('shuffled', shuffled(printed, prng(seedOf('shuffled', id)))),
    rowOf(
      'swapped speakers',
      printed.map((turn) => ({ ...turn, speaker: next(turn.speaker) })),
    ),
  ];
}
