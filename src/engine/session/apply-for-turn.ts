import { type ActiveAdapter, scopeOf } from './active-adapters.ts';
import type { Session } from './session.ts';

/** Whether an adapter acts on nothing but the character's own turns. */
export function isForTurns(active: ActiveAdapter): boolean {
  return scopeOf(active) === 'turn';
}

/**
 * Sets a session's adapters for one turn: those of scope "turn" act from position `from` on, all others on everything that
 * is read. Earlier turns, the character's own included, are read without those of scope "turn", so what the cache holds
 * of them stays.
 *
 * @param from Position of the turn's first token; undefined while only what comes before the turn is read.
 */
export function applyForTurn(
  session: Pick<Session, 'setAdapters'>,
  adapters: readonly ActiveAdapter[],
  from: number | undefined,
): void {
  const reading = adapters.filter((active) => !isForTurns(active));
  session.setAdapters(reading);
  if (from === undefined || reading.length === adapters.length) return;
  session.setAdapters(adapters, { from });
}
