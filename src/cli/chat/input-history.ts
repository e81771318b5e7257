import { appendFile, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf, realDisk, unreadable, unwritable } from '../../store/disk.ts';
import { makePrivateFolder, privateFile } from '../../store/private-files.ts';
import { writeAtomic } from '../../store/write-atomic.ts';

const mostLines = 500;

/** What the user has typed in earlier conversations, a line each: for the arrow keys, so a lost line is no loss. */
export class InputHistory {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The newest first, as readline wants it. Cuts the file when it has grown to twice what is kept. */
  async read(): Promise<string[]> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return '';
      throw unreadable(this.#path, error);
    });
    const lines = text.split('\n').filter((line) => line !== '');
    const kept = lines.slice(-mostLines);
    if (lines.length > 2 * mostLines) {
      const text = `${kept.join('\n')}\n`;
      await writeAtomic(this.#path, text, realDisk, { mode: privateFile });
    }
    return kept.reverse();
  }

  /** @throws {DramatisError} STORE_UNWRITABLE */
  async add(line: string): Promise<void> {
    const text = line.replaceAll(/\s+/g, ' ').trim();
    if (text === '') return;
    try {
      await makePrivateFolder(dirname(this.#path));
      // For its owner's eyes: what people ask is theirs.
      await appendFile(this.#path, `${text}\n`, { mode: privateFile });
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }
}
