import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { errnoOf } from './disk.ts';

/**
 * Names the content of files as cheaply as can be: another path, length, time of change or inode is another stamp. A file
 * that is not there has a stamp, too.
 */
export async function fileStamp(paths: readonly string[]): Promise<string> {
  const rows: string[][] = [];
  for (const path of paths) {
    const found = await statOf(path);
    rows.push(
      found ? [path, String(found.size), String(found.mtimeNs), String(found.ino)] : [path],
    );
  }
  return JSON.stringify(rows.length === 1 ? rows[0] : rows);
}

/** Length of those of the files that are there together, in bytes. */
export async function bytesOfFiles(paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) bytes += Number((await statOf(path))?.size ?? 0);
  return bytes;
}

async function statOf(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
