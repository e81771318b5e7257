import { stat } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import { fileSha256 } from '../store/sha256.ts';
import { takePlace } from '../store/take-place.ts';

export interface Expected {
  readonly bytes?: number | undefined;
  readonly sha256?: string | undefined;
}

/**
 * Gives a complete file its name, if it is the file that was asked for. No file ever stands under its
 * name unchecked.
 *
 * @param part   The file as fetched, in the folder of `target`.
 * @returns      Its length and SHA-256.
 * @throws {DramatisError} CHECKSUM_MISMATCH; the file is then set aside as `target`.bad.
 */
export async function admit(
  part: string,
  target: string,
  expected: Expected,
  signal?: AbortSignal,
): Promise<{ bytes: number; sha256: string }> {
  const { size: bytes } = await stat(part);
  const sha256 = await fileSha256(part, signal);
  const fault = faultOf({ bytes, sha256 }, expected);
  await takePlace(part, fault ? `${target}.bad` : target);
  if (fault) {
    throw new DramatisError('CHECKSUM_MISMATCH', `${fault}; it was set aside as ${target}.bad`);
  }
  return { bytes, sha256 };
}

function faultOf(found: Required<Expected>, expected: Expected): string | undefined {
  if (expected.bytes !== undefined && expected.bytes !== found.bytes) {
    return `the file has ${found.bytes} bytes, ${expected.bytes} were expected`;
  }
  if (expected.sha256 !== undefined && expected.sha256 !== found.sha256) {
    return `the file's SHA-256 is ${found.sha256}, ${expected.sha256} was expected`;
  }
  return undefined;
}
