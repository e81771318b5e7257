import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { unwritable } from '../store/disk.ts';

/** What an earlier, cut transfer left: so many bytes of the content that the server calls `validator`. */
export interface ResumePoint {
  readonly bytes: number;
  /** A strong entity tag, as If-Range asks for. */
  readonly validator: string;
}

/** @returns undefined if there is nothing to go on with, or nothing that says of which content it is. */
export async function findResumePoint(part: string, url: string): Promise<ResumePoint | undefined> {
  const bytes = await lengthOf(part);
  if (bytes === 0) return undefined;
  try {
    const known = JSON.parse(await readFile(notePath(part), 'utf8'));
    const isSame = known.url === url && typeof known.validator === 'string';
    return isSame ? { bytes, validator: known.validator } : undefined;
  } catch {
    return undefined;
  }
}

/** Notes, before the first byte is kept, which content is coming. */
export async function noteContent(part: string, url: string, response: Response): Promise<void> {
  const validator = response.headers.get('etag');
  const isUsable = validator && !validator.startsWith('W/') && !isEncoded(response);
  try {
    if (isUsable) await writeFile(notePath(part), JSON.stringify({ url, validator }));
    else await forgetContent(part);
  } catch (error) {
    throw unwritable(part, error);
  }
}

export async function forgetContent(part: string): Promise<void> {
  await rm(notePath(part), { force: true });
}

/** Whether the body was compressed on its way, so that its bytes are not those of the file. */
export function isEncoded(response: Response): boolean {
  const encoding = response.headers.get('content-encoding');
  return encoding !== null && encoding !== 'identity';
}

/** 0 if there is no such file. */
export async function lengthOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function notePath(part: string): string {
  return `${part}.json`;
}
