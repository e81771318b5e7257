import { sha256 } from '../store/sha256.ts';
import { type AdapterVersion, idDigits } from './version.ts';

const format = 'dramatis-adapter';
/** Version of the shape of `AdapterVersion`; a newer one is refused, never guessed at. */
const formatVersion = 1;

/** version.json: an envelope with the checksum of what is in it, in one line. */
export function encodeVersion(version: AdapterVersion): Buffer {
  const json = JSON.stringify(version);
  const open = JSON.stringify({ format, formatVersion, sha256: sha256(json) });
  return Buffer.from(`${open.slice(0, -1)},"version":${json}}\n`);
}

/**
 * Reads version.json. The bytes must be those that would be written again, so every flipped byte is found, even one that
 * JSON is indifferent to.
 *
 * @returns The version, or what is wrong with the bytes as a clause.
 */
export function decodeVersion(bytes: Uint8Array): AdapterVersion | { readonly fault: string } {
  let envelope: { format?: unknown; formatVersion?: unknown; version?: AdapterVersion } | null;
  try {
    envelope = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return { fault: bytes.length === 0 ? 'it is empty' : 'it is not JSON' };
  }
  if (envelope?.format !== format) return { fault: `it is not of the format ${format}` };
  if (Number(envelope.formatVersion) > formatVersion) {
    return { fault: `it was written by a newer Dramatis: version ${envelope.formatVersion}` };
  }
  const { version } = envelope;
  const isWhole =
    typeof version === 'object' && version !== null && encodeVersion(version).equals(bytes);
  if (!isWhole || version.id !== version.sha256.slice(0, idDigits)) {
    return { fault: 'its checksum does not match' };
  }
  return version;
}
