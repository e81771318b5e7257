import { readdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '../engine/session/session.ts';
import { DramatisError } from '../errors.ts';
import { sha256 } from '../store/sha256.ts';

/** The cache holds a few megabytes for each persona: enough for everyone somebody talks to. */
const mostFiles = 20;
const mostBytes = 500e6;

/**
 * Makes a session's timeline equal to a prompt's prefix, with the state that an earlier process left on
 * disk if there is one; else evaluates it, and leaves its state for the next.
 *
 * A state belongs to the model's file, the adapter and its scale, the window and the tokens: each is in
 * its name, and the session compares them once more with what is in the file.
 *
 * @returns Whether it came from disk.
 */
export async function primeWithPrefix(
  session: Session,
  prefix: Int32Array,
  folder: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const path = join(folder, `${stateName(session, prefix)}.state`);
  if (await session.restore(path)) {
    const now = new Date();
    await utimes(path, now, now).catch(() => {}); // it only says which is used least
    return true;
  }
  await session.prefill(prefix, signal);
  try {
    await session.save(path);
    await dropOldStates(folder);
  } catch (error) {
    // What can be computed again need not be kept: a full disk must not end a conversation here.
    if (!(error instanceof DramatisError && error.code === 'STORE_UNWRITABLE')) throw error;
  }
  return false;
}

function stateName(session: Session, prefix: Int32Array): string {
  const of = `${session.model.identity} ${session.adapterKey} ${session.window} `;
  return sha256(of, prefix).slice(0, 32);
}

/** Removes the states used longest ago until few enough are left. */
async function dropOldStates(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.state'));
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Another process may have removed it since.
      const { size = 0, mtimeMs = 0 } = (await stat(path).catch(() => undefined)) ?? {};
      return { path, size, mtimeMs };
    }),
  );
  files.sort((a, b) => b.mtimeMs - a.mtimeMs);
  let bytes = 0;
  for (const [i, { path, size }] of files.entries()) {
    bytes += size;
    if (i >= mostFiles || bytes > mostBytes) await unlink(path).catch(() => {});
  }
}
