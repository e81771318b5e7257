import { displayName } from '../../play/cast/display-name.ts';
import type { AlarmEvent, Recorded } from '../../stage/events.ts';
import type { StageState, StageTurn } from '../../stage/state.ts';
import { directionOf, viewOf } from '../../stage/view.ts';

/** What stands on the page of a scene, in order. */
export type PageLine =
  | {
      readonly kind: 'turn';
      readonly n: number;
      readonly turn: StageTurn;
      /** Drafts that were struck before it. */
      readonly struck: number;
      /** Alarms that it raised. */
      readonly alarms: readonly Recorded<AlarmEvent>[];
    }
  | {
      readonly kind: 'direction';
      readonly n: number;
      readonly text: string;
      /** Whom alone it was told. */
      readonly to?: string | undefined;
    }
  | { readonly kind: 'remark'; readonly n: number; readonly text: string };

type TurnLine = Extract<PageLine, { kind: 'turn' }>;

/** Every line of a scene that counts, and remarks on what went wrong. */
export function linesOf(state: StageState): PageLine[] {
  const turns = new Map(state.turns.map((turn) => [turn.n, turn]));
  const lines: PageLine[] = [];
  let last: { line: TurnLine; at: number } | undefined;
  let struck = 0;
  for (const event of state.counting) {
    if (event.kind === 'struck') struck++;
    else if (event.kind === 'turn') {
      const turn = turns.get(event.n) ?? event;
      const line: TurnLine = { kind: 'turn', n: event.n, turn, struck, alarms: [] };
      last = { line, at: lines.push(line) - 1 };
      struck = 0;
    } else if (event.kind === 'alarm' && last) {
      last.line = { ...last.line, alarms: [...last.line.alarms, event] };
      lines[last.at] = last.line;
    } else {
      const line = besides(event);
      if (line) lines.push(line);
    }
  }
  return lines;
}

function besides(event: Recorded): PageLine | undefined {
  const { n } = event;
  switch (event.kind) {
    case 'enter':
    case 'exit':
      return { kind: 'direction', n, text: directionOf(event) };
    case 'note':
      return { kind: 'direction', n, text: bare(event.text) };
    case 'tell':
      return { kind: 'direction', n, text: bare(event.text), to: event.to };
    case 'lever':
      return { kind: 'remark', n, text: `${event.name}: ${event.from} → ${event.to}` };
    case 'error':
      return { kind: 'remark', n, text: event.message };
    default:
      return undefined;
  }
}

const bare = (text: string): string => text.trim().replace(/^\[(.*)\]$/s, '$1');

/** Whether a line is as it was: the very turn, with the same marks. */
export function isSameLine(a: PageLine, b: PageLine): boolean {
  if (a.kind === 'turn' && b.kind === 'turn')
    return a.turn === b.turn && a.struck === b.struck && a.alarms.length === b.alarms.length;
  return (
    a.kind === b.kind && a.n === b.n && a.kind !== 'turn' && b.kind !== 'turn' && a.text === b.text
  );
}

/** Numbers of the lines that somebody in the cast has heard or seen. */
export function knownTo(state: StageState, name: string): ReadonlySet<number> {
  const { shown, past } = viewOf(state, name);
  return new Set([...shown, ...past.map(({ n }) => n)]);
}

/** A line in words alone, as a screen reader says it. */
export function spokenLine(line: PageLine): string {
  if (line.kind !== 'turn')
    return 'to' in line && line.to ? `To ${displayName(line.to)} alone: ${line.text}` : line.text;
  const { who, to, isAside, text } = line.turn;
  const how = isAside ? ', aside' : to ? `, to ${displayName(to)}` : '';
  return `${displayName(who)}${how}: ${text}`;
}
