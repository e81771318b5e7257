import { DramatisError } from '../errors.ts';

/** Runs a write of what can be found out again: that it cannot be written is no reason to fail. */
export async function ifWritable(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const codes = ['STORE_UNWRITABLE', 'STORE_UNREADABLE', 'LOCKED', 'STORE_DAMAGED'];
    if (!(error instanceof DramatisError && codes.includes(error.code))) throw error;
  }
}
