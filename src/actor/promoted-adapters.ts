import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../engine/model.ts';
import { DramatisError } from '../errors.ts';
import type { Registry } from '../registry/registry.ts';
import { type Slot, slotKey, slotsFor } from '../registry/version.ts';
import { errnoOf } from '../store/disk.ts';
import type { AdapterSelection, AdapterSource } from './adapter-source.ts';
import { adaptersOf, earlierPromptOf, incompatibilityOf } from './version-adapters.ts';

export interface PromotedAdaptersOptions {
  readonly registry: Registry;
  readonly model: Pick<Model, 'adapter'>;
  readonly slot: Omit<Slot, 'base'>;
  /** sha256 of the model's file, in hex; asked for when something is promoted for the rest of the slot. */
  readonly base: () => Promise<string>;
  readonly scale: number;
  /** Version of the prompt template; the default's unless given. */
  readonly templateVersion?: number | undefined;
}

/**
 * What is promoted for a character, or for everybody in the play where the character has nothing of its own, whenever
 * that is asked: a promotion or a rollback, also by another process, takes effect on the next answer.
 *
 * Each look costs one `stat` of the registry's history; that it has grown says that it is worth reading. A version
 * that is active stays in memory: damage to its file matters when it is next opened.
 */
export class PromotedAdapters implements AdapterSource {
  readonly #options: PromotedAdaptersOptions;
  /** Size, time and inode of the history when it was last read. */
  #mark = '';
  /** Id of the version that `#selection` was made of. */
  #id: string | undefined;
  #selection: AdapterSelection = { adapters: [] };

  constructor(options: PromotedAdaptersOptions) {
    this.#options = options;
  }

  /** @throws {DramatisError} STORE_DAMAGED, ADAPTER_UNKNOWN, ADAPTER_MISMATCH, with the rollback that helps. */
  async current(): Promise<AdapterSelection> {
    // Before the reading: what is written meanwhile changes the mark, and is seen by the next look.
    const mark = await this.#look();
    if (mark === this.#mark) return this.#selection;
    const id = await this.#promoted();
    if (id !== this.#id) {
      const before = this.#selection.adapters;
      this.#selection = id === undefined ? { adapters: [] } : await this.#open(id);
      this.#id = id;
      // Sessions they are active in hold on to the weights themselves.
      for (const { adapter } of before) adapter[Symbol.dispose]();
    }
    this.#mark = mark;
    return this.#selection;
  }

  async #promoted(): Promise<string | undefined> {
    const inUse = await this.#options.registry.promotions();
    for (const slot of slotsFor(this.#options.slot)) {
      const id = await this.#promotedIn(slot, inUse);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  async #promotedIn(
    slot: Omit<Slot, 'base'>,
    inUse: Awaited<ReturnType<Registry['promotions']>>,
  ): Promise<string | undefined> {
    const { registry, base } = this.#options;
    const someBase = ({ slot: one }: { slot: Slot }): boolean =>
      slotKey({ ...one, base: '' }) === slotKey({ ...slot, base: '' });
    if (!inUse.some(someBase)) {
      // Hashing a large model takes seconds: not for a character that nobody has trained. No base is called "".
      const isCertain = await registry.promoted({ ...slot, base: '' }).then(
        () => true,
        () => false,
      );
      if (isCertain) return undefined;
    }
    const own = { ...slot, base: await base() };
    const id = inUse.find((one) => slotKey(one.slot) === slotKey(own))?.stack.at(-1);
    if (id !== undefined) await registry.get(id).catch((error) => this.#refuse(id, error));
    // Refuses where a lost line of the history may have changed the answer.
    return (await registry.promoted(own))?.id;
  }

  async #open(id: string): Promise<AdapterSelection> {
    const { registry, model, slot, base, scale, templateVersion } = this.#options;
    try {
      const opened = await registry.open(id);
      const incompatibility = incompatibilityOf(opened.version, {
        base: await base(),
        form: slot.form,
        templateVersion,
      });
      if (incompatibility !== undefined) {
        const remark = `${id} is promoted for ${this.#whom} and is not used: ${incompatibility}.`;
        return { adapters: [], remark };
      }
      const earlier = earlierPromptOf(opened.version, templateVersion);
      const remark =
        earlier && `${id} is promoted for ${this.#whom} and is used with a warning: ${earlier}.`;
      return { adapters: await adaptersOf(opened, model, scale), remark };
    } catch (error) {
      return this.#refuse(id, error);
    }
  }

  /** Speaking on with what was active before would be another voice than the one that is promoted. */
  #refuse(id: string, error: unknown): never {
    if (!(error instanceof DramatisError)) throw error;
    const message = `${id}, promoted for ${this.#whom}, cannot be used: ${error.message}`;
    throw new DramatisError(error.code, message, {
      cause: error,
      remedy: `Run "dramatis adapters rollback ${id}" to go back to what was before it, or "dramatis adapters verify".`,
    });
  }

  get #whom(): string {
    const { character, play } = this.#options.slot;
    return character === null ? `all of ${play}` : `${character} of ${play}`;
  }

  async #look(): Promise<string> {
    try {
      const path = join(this.#options.registry.folder, 'history.jsonl');
      const { size, mtimeNs, ino } = await stat(path, { bigint: true });
      return `${size} ${mtimeNs} ${ino}`;
    } catch (error) {
      return String(errnoOf(error)); // no history yet; what else is wrong, the reading says
    }
  }
}
