import { readStored } from './read-stored.ts';
import { sha256 } from './sha256.ts';
import { writeAtomic } from './write-atomic.ts';

/** What a file holds, and in which version of that format: a file of another kind is never taken for it. */
export interface FileKind {
  /** Such as "dramatis-state". */
  readonly format: string;
  readonly version: number;
}

interface FirstLine<H> extends FileKind {
  readonly head: H;
  /** Length of what follows the line. */
  readonly bytes: number;
  /** Checksum of the head as JSON, a line break, and what follows the line; in hex. */
  readonly sha256: string;
}

/** A longer first line is not one that `writeChecked` wrote. */
const longestLine = 1 << 16;

/**
 * Writes a file that is verified as a whole before it is used: a line of JSON with its kind, a head and a checksum, then
 * bytes of any kind.
 *
 * Use this for what can be derived again: a file that is damaged, of another kind or made from something else is
 * merely of no use, and reading it gives nothing.
 *
 * @param head What the bytes were made from and how they are to be read; as JSON, at most 60 kB.
 * @throws {DramatisError} STORE_UNWRITABLE; an older file is then as it was.
 */
export async function writeChecked<H>(
  path: string,
  { format, version }: FileKind,
  head: H,
  parts: readonly Uint8Array[],
): Promise<void> {
  const line: FirstLine<H> = {
    format,
    version,
    head,
    bytes: parts.reduce((sum, { length }) => sum + length, 0),
    sha256: sha256(`${JSON.stringify(head)}\n`, ...parts),
  };
  await writeAtomic(path, [Buffer.from(`${JSON.stringify(line)}\n`), ...parts]);
}

/**
 * Reads what `writeChecked` wrote.
 *
 * @param accept Whether the head is the one wanted: asked before the checksum is computed. It is typed as it was
 *   written; a file of this kind that somebody else wrote may hold anything.
 * @returns The head and the bytes; undefined if there is no such file, or not one bit of it is to be trusted.
 */
export async function readChecked<H>(
  path: string,
  kind: FileKind,
  accept: (head: H) => boolean,
): Promise<{ readonly head: H; readonly data: Uint8Array } | undefined> {
  const file = await readStored(path).catch(() => undefined);
  const end = file?.indexOf(0x0a) ?? -1;
  if (!file || end < 0 || end > longestLine) return undefined;
  const line = parseLine<H>(file.toString('utf8', 0, end), kind);
  if (!line || !accept(line.head)) return undefined;
  const data = file.subarray(end + 1);
  const isWhole =
    data.length === line.bytes && sha256(`${JSON.stringify(line.head)}\n`, data) === line.sha256;
  return isWhole ? { head: line.head, data } : undefined;
}

function parseLine<H>(text: string, kind: FileKind): FirstLine<H> | undefined {
  try {
    const line = JSON.parse(text) as Partial<FirstLine<H>> | null;
    const isOfKind = line?.format === kind.format && line.version === kind.version;
    return isOfKind && line.head !== undefined ? (line as FirstLine<H>) : undefined;
  } catch {
    return undefined;
  }
}
