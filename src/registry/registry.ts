import { type Disk, realDisk } from '../store/disk.ts';
import type { WhatHappened } from './history.ts';
import { metricsOf } from './judge.ts';
import {
  judgeBeside,
  measure,
  type PromoteOptions,
  type Promotion,
  promote,
  type Rollback,
  rollback,
} from './promote.ts';
import type { GateReport } from './promotion-gate.ts';
import type { SlotState } from './promotions.ts';
import { register } from './register.ts';
import { prunable, prune } from './retention.ts';
import type { Base } from './screen.ts';
import { Stores } from './stores.ts';
import { type Verified, verify } from './verify.ts';
import type { AdapterVersion, Figures, Slot, VersionDetails } from './version.ts';
import type { Filter, Listed, OpenedVersion } from './versions.ts';

/**
 * Every adapter version of this user, and which of them are promoted.
 *
 *     adapters/history.jsonl             promotions, rollbacks, figures found later: see `HistoryEvent`
 *     adapters/3f9ac0d1be52/adapter.gguf the weights
 *     adapters/3f9ac0d1be52/version.json what is known of them, with a checksum
 *
 * A version is written under a temporary name, flushed and renamed, so it is there whole or not at all. What a
 * method has answered survives kill -9 and power cuts. Any number of processes may use one folder. Nothing is
 * cached: a rollback of another process is seen by the next call.
 */
export class Registry {
  readonly folder: string;
  readonly #stores: Stores;

  /** @param folder `folders().adapters`, which need not exist yet. */
  constructor(folder: string, { disk = realDisk }: { readonly disk?: Disk } = {}) {
    this.folder = folder;
    this.#stores = new Stores(folder, disk);
  }

  /** The journal that `history` reads. */
  get historyPath(): string {
    return this.#stores.history.path;
  }

  /**
   * Registers an adapter. The same bytes again give the version there is, whatever the details, and repair its files
   * if they are damaged.
   *
   * @param gguf The file's bytes, or its path.
   * @param base The model it was trained on, which it must fit.
   * @throws {DramatisError} FILE_MISSING, GGUF_INVALID, ADAPTER_MISMATCH with all that is wrong, ADAPTER_UNKNOWN if the
   *   version it builds on is not here, STORE_UNWRITABLE.
   */
  add(gguf: Uint8Array | string, details: VersionDetails, base: Base): Promise<AdapterVersion> {
    return register(this.#stores, gguf, details, base);
  }

  /** Lists versions, the newest first: see `Versions.list`. */
  list(filter?: Filter): Promise<Listed> {
    return this.#stores.versions.list(filter);
  }

  /** Finds a version by as many digits of its id as tell it from the others: see `Versions.get`. */
  get(idOrPrefix: string): Promise<AdapterVersion> {
    return this.#stores.versions.get(idOrPrefix);
  }

  /** Gives a version to load, with the play adapter under it, read again and whole: see `Versions.open`. */
  open(idOrPrefix: string): Promise<OpenedVersion> {
    return this.#stores.versions.open(idOrPrefix);
  }

  /**
   * The version that is promoted for a slot now; undefined for none, which is the base model alone.
   *
   * @throws {DramatisError} STORE_DAMAGED if its record is, or a line of the history that may have been about the slot:
   *   what was rolled back must not come back that way.
   */
  async promoted(slot: Slot): Promise<AdapterVersion | undefined> {
    const { history } = this.#stores;
    const id = history.stackOf(await history.promotions(), slot).at(-1);
    return id === undefined ? undefined : this.get(id);
  }

  /** Everything promoted, slot by slot. */
  async promotions(): Promise<SlotState[]> {
    const { slots } = await this.#stores.history.promotions();
    return [...slots.values()].filter(({ stack }) => stack.length > 0);
  }

  /** The figures of a version: those it was registered with, and over them those measured later. */
  async metrics(version: AdapterVersion): Promise<Figures> {
    return metricsOf(version, await this.#stores.history.promotions());
  }

  /** Adds figures to a version, which is itself not changed. */
  async measure(idOrPrefix: string, metrics: Figures, by: string): Promise<void> {
    return measure(this.#stores, (await this.get(idOrPrefix)).id, metrics, by);
  }

  /** What `promote` would judge by. */
  async gate(idOrPrefix: string): Promise<GateReport> {
    const version = await this.get(idOrPrefix);
    return judgeBeside(this.#stores, version, await this.#stores.history.promotions());
  }

  /**
   * Puts a version in use for its play, character, base and form, if the gate lets it pass.
   *
   * @throws {DramatisError} GATE_REFUSED with the checks that failed; STORE_DAMAGED if its weights are; as `get`.
   * @throws {RangeError} If `force` is blank.
   */
  async promote(idOrPrefix: string, options: PromoteOptions): Promise<Promotion> {
    return promote(this.#stores, idOrPrefix, options);
  }

  /**
   * Goes back to what was promoted before.
   *
   * @throws {DramatisError} ADAPTER_UNKNOWN if nothing is promoted; STORE_DAMAGED if what to go back to is damaged, or
   *   the history: nothing has changed then.
   */
  rollback(slot: Slot, options: { by: string; reason: string }): Promise<Rollback> {
    return rollback(this.#stores, slot, options);
  }

  /** Reads every stored file again, and names those that are not what was written. */
  verify(): Promise<Verified> {
    return verify(this.#stores);
  }

  /** Finds the versions that may go: see `retention.ts`. */
  prunable(keep: number): Promise<AdapterVersion[]> {
    return prunable(this.#stores, keep);
  }

  /** Deletes what `prunable` finds, and returns it. */
  prune(options: { keep: number; by: string }): Promise<AdapterVersion[]> {
    return prune(this.#stores, options);
  }

  /** All that happened, oldest first, and the lines of it that could not be read. */
  history(): Promise<WhatHappened> {
    return this.#stores.history.read();
  }
}
