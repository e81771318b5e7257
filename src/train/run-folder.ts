import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Journal } from '../store/journal.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import type { TrainingEvent } from './training.ts';

/** What a run depends on, as plain data: another run with the same would be the same. */
export type RunConfig = Readonly<Record<string, unknown>>;

/** What is measured, not how far a run is. */
type Kept = Extract<TrainingEvent, { kind: 'step' | 'dev' | 'end' }>;

const isKept = (event: TrainingEvent): event is Kept =>
  event.kind === 'step' || event.kind === 'dev' || event.kind === 'end';

/**
 * The folder of one run:
 *
 *     config.json     what it depends on
 *     env.json        where it ran
 *     metrics.jsonl   every step and every look, a checksum a line
 *     samples.json    answers before and after, at a fixed seed
 *     checkpoints/    the two newest; gone when the run has ended well
 *     version.json    what it ended in
 */
export class RunFolder {
  readonly path: string;
  readonly #metrics: Journal<Kept>;

  private constructor(path: string, metrics: Journal<Kept>) {
    this.path = path;
    this.#metrics = metrics;
  }

  get checkpoints(): string {
    return join(this.path, 'checkpoints');
  }

  /** A folder of its own under `parent`, named by time and `label`. */
  static async create(
    parent: string,
    label: string,
    config: RunConfig,
    env: RunConfig,
  ): Promise<RunFolder> {
    const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const path = join(parent, `${time}-${label}-${randomBytes(3).toString('hex')}`);
    await writeAtomic(join(path, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    await writeAtomic(join(path, 'env.json'), `${JSON.stringify(env, null, 2)}\n`);
    return RunFolder.#open(path);
  }

  /** The newest run with this config that has not ended; undefined if there is none. */
  static async unfinished(parent: string, config: RunConfig): Promise<RunFolder | undefined> {
    const names: string[] = await readdir(parent).catch(() => []);
    for (const name of names.sort().reverse()) {
      const path = join(parent, name);
      const files: string[] = await readdir(path).catch(() => []);
      if (!files.includes('checkpoints') || files.includes('version.json')) continue;
      const text = await readFile(join(path, 'config.json'), 'utf8').catch(() => '');
      if (hashOf(text) === hashOf(`${JSON.stringify(config, null, 2)}\n`))
        return RunFolder.#open(path);
    }
    return undefined;
  }

  static async #open(path: string): Promise<RunFolder> {
    return new RunFolder(path, new Journal(join(path, 'metrics.jsonl')));
  }

  /** Steps that were recorded after the checkpoint a run goes on from come again: readers take the last of each. */
  async record(event: TrainingEvent): Promise<void> {
    if (isKept(event)) await this.#metrics.append(event);
  }

  async write(name: string, value: unknown): Promise<void> {
    await writeAtomic(join(this.path, name), `${JSON.stringify(value, null, 2)}\n`);
  }

  /** Says what the run ended in, and drops what was kept to go on with. */
  async end(version: unknown): Promise<void> {
    await this.write('version.json', version);
    await rm(this.checkpoints, { recursive: true, force: true });
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
