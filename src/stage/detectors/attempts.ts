import type { PlayedBy, Recorded, StageEvent } from '../events.ts';
import type { StageState } from '../state.ts';

/** A draft that was not said. */
export interface StruckDraft {
  readonly text: string;
  /** Name of the guard that struck it. */
  readonly guard: string;
}

/** Somebody's turn to speak, and what came of it. */
export interface Attempt {
  readonly who: string;
  /** Words that were said; undefined if somebody stayed silent because every draft was struck. */
  readonly text: string | undefined;
  readonly playedBy: PlayedBy | 'play';
  readonly struck: readonly StruckDraft[];
  /** Number of the turn, or of the last event of a silence. */
  readonly n: number;
  /** How many were on stage. */
  readonly onStage: number;
  /** Milliseconds a token; missing for words that no model drew. */
  readonly msPerToken?: number | undefined;
}

/** Every turn of a scene that counts, and every silence, oldest first. */
export function attemptsOf(state: StageState): readonly Attempt[] {
  const turns = new Map(state.turns.map((turn) => [turn.n, turn]));
  const found: Attempt[] = [];
  const onStage = new Set<string>();
  let struck: StruckDraft[] = [];
  let silent: { readonly who: string; readonly n: number } | undefined;
  const close = (): void => {
    if (silent && struck.length > 0)
      found.push({
        ...silent,
        text: undefined,
        playedBy: 'model',
        struck,
        onStage: onStage.size,
      });
    struck = [];
    silent = undefined;
  };
  for (const event of state.counting) {
    if (event.kind === 'enter') for (const name of event.who) onStage.add(name);
    if (event.kind === 'exit') for (const name of event.who) onStage.delete(name);
    if (event.kind === 'next') close();
    if (event.kind === 'struck') {
      struck.push({ text: event.text, guard: event.guard });
      silent = { who: event.who, n: event.n };
    }
    const turn = event.kind === 'turn' ? turns.get(event.n) : undefined;
    if (!turn) continue;
    const { who, text, playedBy, n } = turn;
    const msPerToken = speedOf(event);
    found.push({ who, text, playedBy, struck, n, onStage: onStage.size, msPerToken });
    struck = [];
    silent = undefined;
  }
  close();
  return found;
}

function speedOf(event: Recorded<StageEvent>): number | undefined {
  if (event.kind !== 'turn' || !event.ms || !event.tokens?.length) return undefined;
  return event.ms.all / event.tokens.length;
}
