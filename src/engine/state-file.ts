import { readChecked, writeChecked } from '../store/checked-file.ts';

/** A saved KV cache on disk: the tokens as little-endian 32-bit integers, then the state as llama.cpp wrote it. */
const kind = { format: 'dramatis-state', version: 2 };

interface Head {
  /** Model, adapter and window. */
  readonly key: string;
  readonly tokens: number;
}

/** @throws {DramatisError} STORE_UNWRITABLE */
export async function writeState(
  path: string,
  key: string,
  tokens: Int32Array,
  state: Uint8Array,
): Promise<void> {
  const head: Head = { key, tokens: tokens.length };
  const ids = Buffer.from(tokens.buffer, tokens.byteOffset, tokens.byteLength);
  await writeChecked(path, kind, head, [ids, state]);
}

/**
 * Reads the state saved under the `key` of so many tokens.
 *
 * The bytes go straight into llama.cpp's cache, which checks little: so every one of them is verified first.
 *
 * @returns undefined if there is none, it is another's, damaged, or of an older version.
 */
export async function readState(
  path: string,
  key: (tokens: number) => string,
): Promise<{ tokens: Int32Array; state: Uint8Array } | undefined> {
  const found = await readChecked<Head>(
    path,
    kind,
    (head) => Number.isSafeInteger(head.tokens) && head.key === key(head.tokens),
  );
  if (!found) return undefined;
  const { data, head } = found;
  const ids = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const tokens = new Int32Array(head.tokens);
  for (let i = 0; i < tokens.length; i++) tokens[i] = ids.getInt32(4 * i, true);
  return { tokens, state: data.subarray(4 * head.tokens) };
}
