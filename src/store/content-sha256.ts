import { sha256 } from './sha256.ts';

/**
 * A JSON object with a checksum of itself as its last field, so that one changed byte in a file of it is noticed.
 *
 * @param content An object without a field "contentSha256".
 */
export function withContentSha256<T extends object>(content: T): T & { contentSha256: string } {
  return { ...content, contentSha256: sha256(JSON.stringify(content)) };
}

/** Whether an object read from a file is what `withContentSha256` made; so is one without a checksum, of a former version. */
export function isContentWhole(read: object): boolean {
  const { contentSha256, ...content } = read as { contentSha256?: unknown };
  return contentSha256 === undefined || contentSha256 === sha256(JSON.stringify(content));
}
