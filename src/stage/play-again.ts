import type { Recorded, StageEvent } from './events.ts';
import { listen } from './listen.ts';
import type { Performer } from './performer.ts';
import { advance, emptyState, type StageState } from './state.ts';
import { takeTurn } from './take-turn.ts';

/** What a turn came to when the model took it again. */
export interface TakenAgain {
  /** Number of the event that the turn was chosen by. */
  readonly n: number;
  readonly who: string;
  /** The first thing that came out otherwise; undefined if all is the same. */
  readonly difference?: AgainDifference | undefined;
}

export interface AgainDifference {
  /** Number of the recorded event; of the choice where nothing is recorded for it. */
  readonly n: number;
  /** Such as "token 3 of the turn" or "hash of the view". */
  readonly what: string;
  readonly recorded: string;
  readonly again: string;
}

/** Tokens of a turn, at most, where the scene does not say. */
export interface AgainOptions {
  readonly maxTokens: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lets the model take every turn again that it took, from the recorded scene before it, with the recorded choices and seeds.
 * Turns that were stopped by hand are left out: nobody knows after which step.
 */
export async function* playAgain(
  records: readonly Recorded[],
  performers: ReadonlyMap<string, Performer>,
  { maxTokens, signal }: AgainOptions,
): AsyncGenerator<TakenAgain> {
  let state = emptyState;
  for (const [at, record] of records.entries()) {
    state = advance(state, record);
    if (record.kind !== 'next') continue;
    const performer = performers.get(record.chosen);
    const taken = turnAfter(records.slice(at + 1));
    if (!performer || taken.length === 0 || isStopped(taken)) continue;
    await listen(state, performers, signal);
    const again = await takenBy(state, performer, { to: record.to, maxTokens, signal });
    signal?.throwIfAborted(); // what was cut is no difference
    yield { n: record.n, who: record.chosen, difference: firstDifference(record.n, taken, again) };
  }
}

type Drawn = Extract<StageEvent, { readonly kind: 'view' | 'struck' | 'turn' }>;

/** The view, the struck drafts and the turn that follow a choice. */
function turnAfter(later: readonly Recorded[]): readonly Recorded<Drawn>[] {
  const taken: Recorded<Drawn>[] = [];
  for (const event of later) {
    if (event.kind !== 'view' && event.kind !== 'struck' && event.kind !== 'turn') break;
    taken.push(event);
    if (event.kind === 'turn') break;
  }
  return taken[0]?.kind === 'view' ? taken : [];
}

/** A turn that has a view and nothing after it was stopped, too. */
const isStopped = (taken: readonly Drawn[]): boolean =>
  taken.length === 1 || taken.some((event) => event.kind === 'turn' && event.stop === 'cut');

async function takenBy(
  state: StageState,
  performer: Performer,
  options: Parameters<typeof takeTurn>[2],
): Promise<readonly Drawn[]> {
  const again: Drawn[] = [];
  for await (const news of takeTurn(state, performer, options))
    if (news.kind !== 'text') again.push(news);
  return again;
}

function firstDifference(
  n: number,
  taken: readonly Recorded<Drawn>[],
  again: readonly Drawn[],
): AgainDifference | undefined {
  for (let i = 0; i < Math.max(taken.length, again.length); i++) {
    const [one, other] = [taken[i], again[i]];
    if (one?.kind !== other?.kind)
      return {
        ...{ n: one?.n ?? n, what: 'kind of event' },
        ...{ recorded: one?.kind ?? 'nothing', again: other?.kind ?? 'nothing' },
      };
    const difference = one && other && inEvent(one, other);
    if (difference) return { n: one.n, ...difference };
  }
  return undefined;
}

function inEvent(one: Drawn, other: Drawn): Omit<AgainDifference, 'n'> | undefined {
  if (one.kind === 'view' || other.kind === 'view') {
    if (one.kind !== 'view' || other.kind !== 'view' || one.hash === other.hash) return undefined;
    return { what: 'hash of the prompt', recorded: one.hash, again: other.hash };
  }
  const [recorded, drawn] = [one.tokens ?? [], other.tokens ?? []];
  const length = Math.max(recorded.length, drawn.length);
  const at = Array.from({ length }, (_, i) => i).find((i) => recorded[i] !== drawn[i]);
  if (at !== undefined)
    return {
      what: `token ${at + 1} of ${recorded.length}`,
      ...{ recorded: String(recorded[at] ?? 'none'), again: String(drawn[at] ?? 'none') },
    };
  if (one.text === other.text) return undefined;
  return { what: 'text', recorded: one.text, again: other.text };
}
