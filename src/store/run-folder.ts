import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { errnoOf, realDisk, unreadable } from './disk.ts';
import { Journal } from './journal.ts';
import { own } from './owner.ts';
import { closeToOthers, makePrivateFolder, privateFile } from './private-files.ts';
import { readStored } from './read-stored.ts';
import { sha256 } from './sha256.ts';
import { sweep } from './sweep.ts';
import { takePlace } from './take-place.ts';
import { temporaryPath } from './temporary.ts';
import { writeAtomic } from './write-atomic.ts';

/** What a run depends on, as plain data: another run with the same would come out the same. */
export type RunConfig = Readonly<Record<string, unknown>>;

const files = {
  config: 'config.json',
  env: 'env.json',
  events: 'events.jsonl',
  done: 'done.json',
  checkpoints: 'checkpoints',
} as const;
/** Training runs of former versions ended with this file. */
const formerlyDone = 'version.json';

/** A run as its folder keeps it. */
export interface KeptRun<E> {
  /** Name of the folder. */
  readonly name: string;
  readonly config: RunConfig;
  readonly env: RunConfig;
  /** What was recorded after the point a run went on from is there twice: the last counts. */
  readonly events: readonly E[];
  /** The outcome that the run wrote at its end; undefined while it is not over. */
  readonly result: RunConfig | undefined;
}

/**
 * The folder of one run of a training, an evaluation or the like, from which a run that was cut goes on:
 *
 *     config.json   what it depends on
 *     env.json      where it ran
 *     events.jsonl  what has happened so far, a checksum a line
 *     done.json     what it ended in; while it is missing the run is not over
 *
 * Only its owner may enter it: what was asked and answered is in there. The folder's name is the time it was made, a label, and a hash of the configuration. Whoever runs may keep more files there.
 *
 * @typeParam E Events that are kept; what was recorded after the point a run goes on from comes again, so readers take
 *   the last of each.
 */
export class RunFolder<E> {
  readonly path: string;
  readonly events: Journal<E>;
  /** Folder of what is kept to go on with, until the run is over. */
  readonly checkpoints: string;

  private constructor(path: string) {
    this.path = path;
    this.checkpoints = join(path, files.checkpoints);
    this.events = new Journal(join(path, files.events), { isPrivate: true });
  }

  /**
   * Makes the folder of a new run under `parent`.
   *
   * @param label What a person knows the run by, such as "hamlet-OPHELIA".
   * @param env   Where it runs: program, machine, whatever does not change what comes out.
   * @throws {DramatisError} STORE_UNWRITABLE
   */
  static async create<E>(
    parent: string,
    label: string,
    config: RunConfig,
    env: RunConfig,
  ): Promise<RunFolder<E>> {
    const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const name = `${time}-${plain(label)}-${shortHash(config)}-${randomBytes(2).toString('hex')}`;
    await makePrivateFolder(parent);
    await sweepRuns(parent);
    // Under a temporary name until its configuration is there: without it nobody would know what it is.
    const made = new RunFolder<E>(temporaryPath(join(parent, name)));
    const folder = new RunFolder<E>(join(parent, name));
    try {
      await makePrivateFolder(made.path);
      await made.write(files.env, env);
      await made.write(files.config, config);
      await takePlace(made.path, folder.path);
    } catch (error) {
      await rm(made.path, { recursive: true, force: true }).catch(() => {});
      throw error;
    }
    return folder;
  }

  /**
   * Finds the newest run of this configuration that is not over; undefined if there is none. The folder's name says of which
   * it is, so a configuration that is damaged or lost is written anew, and the run goes on.
   *
   * @param warn Is told of that in a sentence.
   * @throws {DramatisError} STORE_UNREADABLE, STORE_UNWRITABLE
   */
  static async unfinished<E>(
    parent: string,
    config: RunConfig,
    warn?: (text: string) => void,
  ): Promise<RunFolder<E> | undefined> {
    await sweepRuns(parent);
    return RunFolder.#find<E>(parent, config, warn);
  }

  static async #find<E>(
    parent: string,
    config: RunConfig,
    warn?: (text: string) => void,
  ): Promise<RunFolder<E> | undefined> {
    for (const path of await RunFolder.under(parent)) {
      const named = hashIn(basename(path));
      if (named !== undefined && named !== shortHash(config)) continue;
      const there: string[] = await readdir(path).catch(() => []);
      if (there.includes(files.done) || there.includes(formerlyDone)) continue;
      const folder = new RunFolder<E>(path);
      const text = await textIn(join(path, files.config)).catch((error: unknown) => {
        if (named === undefined) return undefined; // of what it is, nobody knows
        throw error;
      });
      const isAsWritten = text === asText(config);
      if (!isAsWritten && named === undefined) continue;
      await closeToOthers(path); // as a former version left it open
      if (!isAsWritten) {
        await folder.write(files.config, config);
        warn?.(`${join(path, files.config)} was damaged and is written anew: the run goes on`);
      }
      return folder;
    }
    return undefined;
  }

  /**
   * Reads a run as its folder keeps it, over or not.
   *
   * @throws {DramatisError} FILE_MISSING if it is no folder of a run; STORE_DAMAGED if its configuration cannot be read.
   */
  static async read<E>(path: string): Promise<KeptRun<E>> {
    const [config, env, result] = await Promise.all(
      [files.config, files.env, files.done].map((name) => jsonIn(join(path, name))),
    );
    if (!config)
      throw new DramatisError(
        'FILE_MISSING',
        `${path} is no folder of a run: it has no ${files.config}`,
      );
    const { records: events } = await new RunFolder<E>(path).events.read();
    return { name: basename(path), config, env: env ?? {}, events, result };
  }

  /** Paths of all runs under `parent`, over or not, the newest first. */
  static async under(parent: string): Promise<readonly string[]> {
    const names: string[] = await readdir(parent).catch(() => []);
    return names
      .filter((name) => !name.startsWith('.'))
      .sort()
      .reverse()
      .map((name) => join(parent, name));
  }

  /** Gives up every unfinished run of this configuration, so that the next one begins anew. What they hold stays. */
  static async abandon(parent: string, config: RunConfig): Promise<void> {
    for (;;) {
      const folder = await RunFolder.#find(parent, config);
      if (!folder) return;
      await folder.write(files.done, { abandoned: true });
    }
  }

  /**
   * Makes this process the only one that goes on with the run, until what it returns is disposed of.
   *
   * @throws {DramatisError} LOCKED, naming the process that does.
   */
  own(): Promise<AsyncDisposable> {
    return own(
      join(this.path, 'run'),
      `the run ${this.path}`,
      'Wait until it has ended; without --resume another run is begun.',
    );
  }

  /** Writes a file of JSON into the folder, whole or not at all. */
  async write(name: string, value: unknown): Promise<void> {
    await writeAtomic(join(this.path, name), asText(value), realDisk, { mode: privateFile });
  }

  /** Says what the run ended in, and drops what was kept to go on with. */
  async finish(result: unknown): Promise<void> {
    await this.write(files.done, result);
    // The run is over: what cannot be removed now, the next run removes.
    await rm(this.checkpoints, { recursive: true, force: true }).catch(() => {});
  }
}

/** Removes what runs that were killed left and nobody goes on with, even right after they were over. */
async function sweepRuns(parent: string): Promise<void> {
  await sweep(parent);
  for (const path of await RunFolder.under(parent)) {
    await sweep(path);
    const done = await jsonIn(join(path, files.done)).catch(() => undefined);
    if (done && done.abandoned !== true)
      await rm(join(path, files.checkpoints), { recursive: true, force: true });
  }
}

/** What a file holds; undefined if it is not there. @throws {DramatisError} STORE_UNREADABLE */
async function textIn(path: string): Promise<string | undefined> {
  try {
    return String(await readStored(path));
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return undefined;
    throw unreadable(path, error);
  }
}

/** A file of JSON; undefined if it is not there. */
async function jsonIn(path: string): Promise<RunConfig | undefined> {
  const text = await textIn(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as RunConfig;
  } catch (cause) {
    throw new DramatisError('STORE_DAMAGED', `${path} is no JSON`, { cause });
  }
}

const asText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const shortHash = (config: RunConfig): string => sha256(asText(config)).slice(0, 12);
const plain = (label: string): string => label.replaceAll(/[^A-Za-z0-9-]+/g, '-');

/** The hash of the configuration that the folder's name says; undefined for names of former versions. */
const hashIn = (name: string): string | undefined => /-([0-9a-f]{12})-[0-9a-f]{4}$/.exec(name)?.[1];
