import type {
  AlarmEvent,
  NextEvent,
  Recorded,
  StruckEvent,
  ViewEvent,
} from '../../stage/events.ts';
import type { StageTurn } from '../../stage/state.ts';
import { directionOf } from '../../stage/view.ts';

/** How a turn came about, as far as the journal has it. */
export interface Inspected {
  readonly turn: StageTurn;
  /** Counts the scene's turns from 1. */
  readonly number: number;
  readonly next: Recorded<NextEvent> | undefined;
  readonly view: Recorded<ViewEvent> | undefined;
  /** Lines that its speaker had before their eyes. */
  readonly seen: readonly { readonly n: number; readonly who?: string; readonly text: string }[];
  readonly struck: readonly Recorded<StruckEvent>[];
  readonly alarms: readonly Recorded<AlarmEvent>[];
  readonly tokensPerSecond: number | undefined;
}

/**
 * Gathers what belongs to one turn.
 *
 * @param records Every event of the scene.
 * @param turns Those that count.
 */
export function inspect(
  records: readonly Recorded[],
  turns: readonly StageTurn[],
  n: number,
): Inspected | undefined {
  const number = turns.findIndex((turn) => turn.n === n) + 1;
  const turn = turns[number - 1];
  const at = records.findIndex((record) => record.n === n);
  if (!turn || at < 0) return undefined;
  const before = partBefore(records, at);
  const view = before.find((event) => event.kind === 'view');
  const { ms, tokens } = turn;
  const isTimed = ms && tokens && tokens.length > 1 && ms.all > ms.first;
  return {
    ...{ turn, number, view },
    next: before.find((event) => event.kind === 'next'),
    seen: view ? seenIn(records, turns, view.heard) : [],
    struck: before.flatMap((event) => (event.kind === 'struck' ? [event] : [])).reverse(),
    alarms: alarmsAfter(records, at),
    tokensPerSecond: isTimed ? ((tokens.length - 1) * 1000) / (ms.all - ms.first) : undefined,
  };
}

/** Events that led to a turn, the latest first: back to the turn before. */
function partBefore(records: readonly Recorded[], at: number): readonly Recorded[] {
  const part: Recorded[] = [];
  for (let i = at - 1; i >= 0 && records[i]!.kind !== 'turn'; i--) part.push(records[i]!);
  return part;
}

function alarmsAfter(records: readonly Recorded[], at: number): Recorded<AlarmEvent>[] {
  const alarms: Recorded<AlarmEvent>[] = [];
  for (let i = at + 1; i < records.length; i++) {
    const event = records[i]!;
    if (event.kind === 'turn' || event.kind === 'next') break;
    if (event.kind === 'alarm') alarms.push(event);
  }
  return alarms;
}

function seenIn(
  records: readonly Recorded[],
  turns: readonly StageTurn[],
  heard: readonly number[],
): Inspected['seen'] {
  const wanted = new Set(heard);
  const counting = new Map(turns.map((turn) => [turn.n, turn]));
  return records.flatMap((event) => {
    if (!wanted.has(event.n)) return [];
    const { n } = event;
    if (event.kind === 'turn')
      return [{ n, who: event.who, text: (counting.get(n) ?? event).text }];
    if (event.kind === 'enter' || event.kind === 'exit') return [{ n, text: directionOf(event) }];
    if (event.kind === 'note' || event.kind === 'tell') return [{ n, text: event.text }];
    return [];
  });
}
