import type { Adapter, AdapterScope } from './adapter.ts';
import type { Session } from './session.ts';

/** An adapter on a model, and how strongly it is put on: 1 is as trained. */
export interface WornAdapter {
  readonly adapter: Adapter;
  readonly scale: number;
  /** Where the file does not say what the adapter was trained to act on. */
  readonly scope?: AdapterScope | undefined;
}

/** Whether it acts on nothing but the character's own turns. */
export function isForTurns({ adapter, scope }: WornAdapter): boolean {
  return (adapter.scope ?? scope) === 'turn';
}

/**
 * Dresses a session for one turn: what was trained so acts on all that is read, what is made for own turns only from
 * there on, and the turns before it, their own included, are read without it. What is in the cache of them stays.
 *
 * @param from Position of the turn's first token; undefined while only what comes before is read.
 */
export function wearForTurn(
  session: Session,
  adapters: readonly WornAdapter[],
  from: number | undefined,
): void {
  const reading = adapters.filter((worn) => !isForTurns(worn));
  session.setAdapters(reading);
  if (from === undefined || reading.length === adapters.length) return;
  session.wear(
    adapters.map(({ adapter, scale }) => ({ version: adapter, gain: scale })),
    from,
  );
}
