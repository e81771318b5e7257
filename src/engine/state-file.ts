import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeAtomic } from '../store/write-atomic.ts';

/**
 * A saved KV cache on disk: a line of JSON, the tokens as little-endian 32-bit integers, the state.
 *
 * The bytes go straight into llama.cpp's cache, which checks little: the hash is verified and the key
 * compared before they do. A file that does not match is no error, it is merely of no use.
 */
interface Header {
  readonly format: 'dramatis-state';
  readonly version: 1;
  /** Model, adapter and window. */
  readonly key: string;
  readonly tokens: number;
  readonly bytes: number;
  readonly sha256: string;
}

export async function writeState(
  path: string,
  key: string,
  tokens: Int32Array,
  state: Uint8Array,
): Promise<void> {
  const ids = Buffer.from(tokens.buffer, tokens.byteOffset, tokens.byteLength);
  const header: Header = {
    format: 'dramatis-state',
    version: 1,
    key,
    tokens: tokens.length,
    bytes: state.length,
    sha256: digest(ids, state),
  };
  await writeAtomic(path, [Buffer.from(`${JSON.stringify(header)}\n`), ids, state]);
}

/** The state saved under the `key` of so many tokens, or undefined if there is none, it is another's, or damaged. */
export async function readState(
  path: string,
  key: (tokens: number) => string,
): Promise<{ tokens: Int32Array; state: Uint8Array } | undefined> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch {
    return undefined;
  }
  const header = parseHeader(file);
  if (header?.key !== key(header?.tokens ?? 0)) return undefined;
  const ids = file.subarray(header.at, header.at + 4 * header.tokens);
  const state = file.subarray(header.at + 4 * header.tokens);
  if (state.length !== header.bytes || digest(ids, state) !== header.sha256) return undefined;
  const tokens = new Int32Array(header.tokens);
  for (let i = 0; i < tokens.length; i++) tokens[i] = ids.readInt32LE(4 * i);
  return { tokens, state };
}

function parseHeader(file: Buffer): (Header & { at: number }) | undefined {
  const end = file.indexOf('\n');
  if (end < 0 || end > 4096) return undefined;
  try {
    const header = JSON.parse(file.toString('utf8', 0, end)) as Header;
    const known = header.format === 'dramatis-state' && header.version === 1;
    return known && Number.isSafeInteger(header.tokens) ? { ...header, at: end + 1 } : undefined;
  } catch {
    return undefined;
  }
}

function digest(ids: Uint8Array, state: Uint8Array): string {
  return createHash('sha256').update(ids).update(state).digest('hex');
}
