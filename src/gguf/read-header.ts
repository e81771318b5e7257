import { type FileHandle, open } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import { checkLoadable } from './check-loadable.ts';
import { HeaderCut } from './cursor.ts';
import type { GgufHeader } from './header.ts';
import { HeaderFault, parseHeader } from './parse-header.ts';

/** Holds the header of a model with a vocabulary of 50,000 in one read. */
const firstReadBytes = 4 << 20;
const maxHeaderBytes = 64 << 20;

/**
 * Reads and checks the header of a GGUF file, before anything native opens it: that it is well formed, and
 * that nothing in it would make the loader abort. The tensors' numbers are not read.
 *
 * @throws {DramatisError} FILE_MISSING if there is no such file, GGUF_INVALID with what is wrong.
 */
export async function readHeader(path: string): Promise<GgufHeader> {
  const file = await openFile(path);
  try {
    const status = await file.stat();
    if (!status.isFile()) throw new DramatisError('GGUF_INVALID', `${path}: it is not a file`);
    const header = await growingParse(file, status.size);
    checkLoadable(header);
    return header;
  } catch (error) {
    if (!(error instanceof HeaderFault)) throw unreadable(path, error);
    throw new DramatisError('GGUF_INVALID', `${path}: ${error.message}`);
  } finally {
    await file.close();
  }
}

/** A system error with the name of the file; any other as it is. */
function unreadable(path: string, error: unknown): unknown {
  if (error instanceof DramatisError || !(error instanceof Error && 'code' in error)) return error;
  return new DramatisError('STORE_UNREADABLE', `cannot read ${path}: ${error.code}`, {
    cause: error,
  });
}

/** Nothing says beforehand how long a header is: parses what is there, and reads on if that is not all. */
async function growingParse(file: FileHandle, fileBytes: number): Promise<GgufHeader> {
  for (let wanted = firstReadBytes; ; ) {
    const bytes = await readStart(file, Math.min(wanted, fileBytes));
    try {
      return parseHeader(bytes, fileBytes);
    } catch (error) {
      if (!(error instanceof HeaderCut)) throw error;
      if (error.needed > fileBytes) {
        throw new HeaderFault(
          `truncated: the header goes on beyond the ${fileBytes} bytes there are`,
        );
      }
      if (error.needed > maxHeaderBytes) {
        throw new HeaderFault(`the header is longer than ${maxHeaderBytes} bytes`);
      }
      wanted = Math.min(Math.max(wanted * 4, error.needed), maxHeaderBytes);
    }
  }
}

async function readStart(file: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at, at);
    if (bytesRead === 0) break; // cut while we read it
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const isMissing = errno === 'ENOENT' || errno === 'ENOTDIR';
    const message = isMissing ? `there is no file ${path}` : `cannot read ${path}: ${errno}`;
    throw new DramatisError('FILE_MISSING', message, { cause: error });
  }
}
