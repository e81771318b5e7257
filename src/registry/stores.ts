import { join } from 'node:path';
import type { Disk } from '../store/disk.ts';
import { withLock } from '../store/lock.ts';
import { History, lockOptions } from './history.ts';
import { Versions } from './versions.ts';

/** What a registry is made of: a folder with versions in it, and the history of which were in use. */
export class Stores {
  readonly folder: string;
  readonly versions: Versions;
  readonly history: History;

  constructor(folder: string, disk: Disk) {
    this.folder = folder;
    this.versions = new Versions(folder, disk);
    this.history = new History(folder, disk);
  }

  /** Runs a task that changes something, while no other process does. */
  locked<T>(task: () => Promise<T>): Promise<T> {
    return withLock(join(this.folder, 'registry'), task, lockOptions);
  }
}
