import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolder } from '../store/make-folder.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { admit } from './admit.ts';
import type { Download, Entry, Source } from './catalogue.ts';
import { type HubOptions, hubFolders } from './events.ts';
import { parseHfUri } from './hf-uri.ts';
import { fetchFromHub } from './hugging-face.ts';
import { fetchWheel } from './pypi.ts';
import { fetchResumably } from './resume.ts';
import { zipMember } from './zip.ts';

/** Fetches the downloads of one source, counting bytes over all of them. */
export class Fetcher {
  readonly #entry: Entry;
  readonly #files: readonly Download[];
  readonly #work: string;
  readonly #options: HubOptions;
  readonly #wheels = new Map<string, Promise<string>>();
  /** Files that have yet to be taken from their wheels. */
  readonly #waiting: Set<Download>;
  #finishedBytes = 0;
  #resumedFrom: number | undefined;

  /** @param work Folder for what is needed until the source's file is made; the caller deletes it. */
  constructor(entry: Entry, { files }: Source, work: string, options: HubOptions) {
    this.#entry = entry;
    this.#files = files;
    this.#waiting = new Set(files);
    this.#work = work;
    this.#options = options;
  }

  /** Bytes of one file; the wheel it lies in is fetched when it is asked for, and deleted after its last file. */
  async *content(file: Download): AsyncGenerator<Uint8Array, void> {
    if (!file.member) {
      yield* createReadStream(await this.path(file), { highWaterMark: 1 << 20 });
      return;
    }
    const wheel = await this.#wheel(file);
    yield* zipMember(wheel, file.member, file.bytes);
    this.#waiting.delete(file);
    if ([...this.#waiting].some(({ from }) => from === file.from)) return;
    this.#wheels.delete(file.from);
    await rm(wheel, { force: true });
  }

  /** Counts files as fetched that an earlier call has left whole. */
  skip(files: readonly Download[]): void {
    for (const file of files) {
      this.#waiting.delete(file);
      this.#finishedBytes += file.wheelBytes ?? 0;
    }
    this.#resumedFrom = this.#finishedBytes || undefined;
  }

  /** Path of each file, by the name that what makes one file of them knows it by. */
  async paths(): Promise<Map<string, string>> {
    const paths = new Map<string, string>();
    for (const file of this.#files) {
      const name = file.as ?? basename(file.member ?? new URL(file.from).pathname);
      const path = join(this.#work, name);
      await writeAtomic(`${path}.part`, this.content(file));
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
    const { report, signal, env } = this.#options;
    const what = this.#entry.id;
    // Outside the work folder: what a cut transfer left is there for the next call.
    const folder = join(hubFolders(this.#options).cache, 'partial');
    await makeFolder(folder);
    const part = join(folder, `${this.#entry.file}.part`);
    await fetchResumably(file.from, part, {
      signal,
      env,
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
  #wheel(file: Download): Promise<string> {
    const known = this.#wheels.get(file.from);
    if (known !== undefined) return known;
    const { signal, env } = this.#options;
    const report = this.#wheelProgress(file);
    report(0);
    const requirement = file.from.replace(/^pypi:/, '');
    const wheel = fetchWheel(requirement, this.#work, { signal, env, onBytes: report }).then(
      async (path) => {
        const { size } = await stat(path);
        report(size);
        this.#finishedBytes += size;
        return path;
      },
    );
    this.#wheels.set(file.from, wheel);
    return wheel;
  }

  /** Reports bytes of one wheel as bytes of all; pip has a wheel twice for a moment, which does not count. */
  #wheelProgress({
    from,
    wheelBytes = Number.POSITIVE_INFINITY,
  }: Download): (bytes: number) => void {
    const what = this.#entry.id;
    const total = this.#files.reduce((sum, file) => sum + (file.wheelBytes ?? 0), 0) || undefined;
    return (bytes) => {
      const sum = this.#finishedBytes + Math.min(bytes, wheelBytes);
      const shown = total === undefined ? sum : Math.min(sum, total);
      const resumedFrom = this.#resumedFrom;
      this.#options.report?.({ kind: 'fetch', what, from, bytes: shown, total, resumedFrom });
    };
  }
}
