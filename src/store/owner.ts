import { DramatisError } from '../errors.ts';
import { holdLock, type Lease } from './lock.ts';

/** Longer than a holder's heart may stand still. */
const patienceMs = 11_000;

/**
 * Makes this process the only one that goes on with a file, until what it returns is disposed of: others may read it, and
 * append what changes nothing of it.
 *
 * An owner that is known to run is named at once; whether one in another container or on another host lives is known after
 * ten seconds without a heartbeat.
 *
 * @param what   Begins the message, such as "the conversation 3f9ac0 with HAMLET".
 * @param remedy What may be done in place of waiting.
 * @throws {DramatisError} LOCKED
 */
export async function own(
  path: string,
  what: string,
  remedy: string,
): Promise<Lease & AsyncDisposable> {
  try {
    return await holdLock(`${path}.owner`, { timeoutMs: patienceMs, refusesAtOnce: true });
  } catch (error) {
    if (!(error instanceof DramatisError && error.code === 'LOCKED')) throw error;
    const who = error.message.replace(/^.* is held by /, '');
    throw new DramatisError('LOCKED', `${what} is open in ${who}`, { cause: error, remedy });
  }
}
