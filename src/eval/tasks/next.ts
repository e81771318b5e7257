import type { Source } from '../../corpus/source.ts';
import type { Metric } from '../../measure/metric.ts';
import type { Answer, Item, Row, Values } from '../../measure/row.ts';
import { isCollective } from '../../play/cast/label.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { firstPlace } from '../choice.ts';
import { itemId } from '../item-id.ts';
import type { Request, SceneTurn, Task } from '../task.ts';
import { turnsShuffled, windowBefore } from '../turn-windows.ts';
import { summaries } from './summaries.ts';

export interface NextItem extends Item {
  /** Who speaks next, as printed; joint speakers together. */
  readonly speaker: string;
  /** Who speaks next, each. */
  readonly speakers: readonly string[];
  /** Cast names that may come next, sorted. */
  readonly candidates: readonly string[];
  /** The scene so far, or the end of it. */
  readonly context: readonly SceneTurn[];
  /** Who spoke before the one who spoke last. */
  readonly spokeBeforeLast: string;
  /** Who has spoken most turns so far, not counting the one who spoke last. */
  readonly spokeMost: string;
}

const name = 'next';

const share = (metric: string): Metric<NextItem> => ({
  name: metric,
  unit: 'share',
  higherIsBetter: true,
  ceiling: 1,
});

/**
 * Who speaks next: each turn from the third of its scene on, among those on stage but the one who spoke last. A
 * label's score is how much likelier the scene makes it than nothing does: a name may be likely, or long, in itself,
 * and here each speaker counts alike. "raw" figures are without.
 *
 * Most turns go back to who spoke before last (ABA): .719 | .644 of the 1,098 | 593 turns of Hamlet | Macbeth. So
 * what counts are the other 309 | 211, on which ABA has none right. Who has spoken most so far gets .558 | .580 of
 * all turns. Floor: drawing lots, the row "chance". Ceiling: 1.
 *
 * @see Ouchi and Tsuboi, "Addressee and Response Selection for Multi-Party Conversation", 2016, for the choice; de
 * Bayser et al., "Learning Multi-Party Turn-Taking Models from Dialogue Logs", 2019, for the baselines.
 */
export const next: Task<NextItem> = {
  name,
  version: 1,
  summary: summaries.next,
  metrics: [
    { ...share('balanced accuracy, not ABA'), of: balancedNotAba('accuracy') },
    { ...share('accuracy, not ABA'), isBinary: true },
    { ...share('accuracy'), isBinary: true },
    { name: 'lift over ABA', unit: 'score', higherIsBetter: true, floor: 0 },
    { ...share('raw balanced accuracy, not ABA'), of: balancedNotAba('raw accuracy') },
    { ...share('raw accuracy'), isBinary: true },
  ],
  anchors: [
    { name: 'original', values: (item) => figures(item, 1) },
    { name: 'ABA', values: (item) => figures(item, Number(isAba(item))) },
    {
      name: 'majority so far',
      values: (item) => figures(item, Number(item.spokeMost === item.speaker)),
    },
    {
      name: 'chance',
      values: (item) => figures(item, item.speakers.length / item.candidates.length),
    },
    // Where the order of turns matters most, and only there: every context is new, which is dear.
    { name: 'shuffled', requests: (item) => (isAba(item) ? [] : ask(item, shuffledContext(item))) },
    { name: 'empty', requests: (item) => ask(item, []) },
  ],
  invariants: [
    ['original', 'ABA'],
    ['original', 'majority so far'],
    ['original', 'chance'],
    ['original', 'shuffled'],
    ['original', 'empty'],
    ['chance', 'ABA'],
  ],
  items,
  unitOf: ({ scene }) => scene,
  requests: (item) => ask(item, item.context),
  measure,
};

function items({ play, sha256, character }: Source): NextItem[] {
  return sceneTurns(play).flatMap(({ scene, turns }) => {
    const choruses = [...new Set(turns.flatMap(({ speakers }) => speakers))].filter(isCollective);
    return turns.flatMap((turn, at): NextItem[] => {
      const here = turn.present.includes(character?.name ?? '');
      const asked = !character || here || turn.speakers.includes(character.name);
      if (at < 2 || !asked) return [];
      const last = turns[at - 1]!;
      return [
        {
          id: itemId(sha256, next, turn.place),
          task: name,
          scene,
          place: turn.place,
          speaker: turn.speaker,
          speakers: turn.speakers,
          candidates: candidatesOf(turn, last, choruses),
          context: windowBefore(turns, at),
          spokeBeforeLast: turns[at - 2]!.speaker,
          spokeMost: mostTurns(turns.slice(0, at), last.speaker),
        },
      ];
    });
  });
}

/**
 * Those on stage and those who speak as one in the scene, but not who spoke last. Who does speak is among them, seen
 * or not.
 */
function candidatesOf(turn: Turn, last: Turn, choruses: readonly string[]): string[] {
  const may = [...turn.present, ...choruses].filter((one) => !last.speakers.includes(one));
  return [...new Set([...may, ...turn.speakers])].sort();
}

/** The speaker of most turns, who spoke first among equals; if there is nobody else, "". */
function mostTurns(turns: readonly Turn[], except: string): string {
  const counts = new Map<string, number>();
  for (const { speaker } of turns)
    if (speaker !== except) counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

const isAba = ({ speaker, spokeBeforeLast }: NextItem): boolean => speaker === spokeBeforeLast;

function shuffledContext({ context, scene }: NextItem): SceneTurn[] {
  return turnsShuffled(context, scene);
}

/** The labels after the context, and after nothing. */
function ask({ candidates }: NextItem, turns: readonly SceneTurn[]): Request[] {
  return [turns, []].map((before) => ({
    kind: 'score',
    context: { kind: 'scene', turns: before },
    continuations: candidates,
  }));
}

function measure(item: NextItem, [after, alone]: readonly Answer[]): Values {
  if (after?.kind !== 'score' || alone?.kind !== 'score') return {};
  const isRight = (i: number): boolean => item.speakers.includes(item.candidates[i]!);
  const gains = after.nats.map((nats, i) => nats - alone.nats[i]!);
  return figures(item, firstPlace(gains, isRight), firstPlace(after.nats, isRight));
}

/** @param raw By default as `accuracy`, of whoever knows no labels. */
function figures(item: NextItem, accuracy: number, raw = accuracy): Values {
  return {
    accuracy,
    ...(!isAba(item) && { 'accuracy, not ABA': accuracy }),
    'lift over ABA': accuracy - Number(isAba(item)),
    'raw accuracy': raw,
  };
}

/** The mean over speakers of how often they are found where they come next out of turn; NaN if none does. */
function balancedNotAba(value: 'accuracy' | 'raw accuracy') {
  return (rows: readonly Row<NextItem>[]): number => {
    const found = new Map<string, { sum: number; n: number }>();
    for (const { item, values } of rows) {
      if (isAba(item) || values[value] === undefined) continue;
      const { sum, n } = found.get(item.speaker) ?? { sum: 0, n: 0 };
      found.set(item.speaker, { sum: sum + values[value], n: n + 1 });
    }
    const recalls = Array.from(found.values(), ({ sum, n }) => sum / n);
    return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
  };
}
