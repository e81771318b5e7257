import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import { decodeLora } from '../gguf/lora-gguf.ts';
import { tokenizerHash } from '../gguf/tokenizer-hash.ts';
import { type Disk, realDisk } from '../store/disk.ts';
import { Journal } from '../store/journal.ts';
import { withLock } from '../store/lock.ts';
import { sweepTemporaries } from '../store/temporary.ts';
import { type GateReport, gate } from './gate.ts';
import { type HistoryEvent, type HistoryState, historyState, type NewEvent } from './history.ts';
import { matrixNorms } from './matrix-norms.ts';
import { refusalOf } from './refusal.ts';
import { type Base, screen } from './screen.ts';
import type { Damage } from './stored-version.ts';
import {
  type AdapterVersion,
  type Figure,
  idDigits,
  type Slot,
  slotKey,
  slotOf,
  type VersionDetails,
} from './version.ts';
import { type Filter, type OpenedVersion, VersionStore } from './version-store.ts';

export interface Promotion {
  readonly version: AdapterVersion;
  readonly gate: GateReport;
  /** Id of what was promoted before; equal to the version's if nothing changed. */
  readonly replaced: string | undefined;
}

/** Who waits for the registry is one of many at most: training jobs of a cluster that end together. */
const lockOptions = { timeoutMs: 60_000 };

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
  readonly #disk: Disk;
  readonly #historyPath: string;
  readonly #store: VersionStore;
  #journal: Journal<HistoryEvent> | undefined;

  /** @param folder `folders().adapters`, which need not exist yet. */
  constructor(folder: string, { disk = realDisk }: { readonly disk?: Disk } = {}) {
    this.folder = folder;
    this.#disk = disk;
    this.#historyPath = join(folder, 'history.jsonl');
    this.#store = new VersionStore(folder, disk);
  }

  /**
   * Registers an adapter. The same bytes again give the version there is, whatever the details, and repair its files
   * if they are damaged.
   *
   * @param gguf The file's bytes, or its path.
   * @param base The model it was trained on, which it must fit.
   * @throws {DramatisError} GGUF_INVALID, ADAPTER_MISMATCH with all that is wrong, ADAPTER_UNKNOWN if the version it
   *   builds on is not here, STORE_UNWRITABLE.
   */
  async add(
    gguf: Uint8Array | string,
    details: VersionDetails,
    base: Base,
  ): Promise<AdapterVersion> {
    const bytes = typeof gguf === 'string' ? await bytesOf(gguf) : gguf;
    const from = typeof gguf === 'string' ? gguf : 'the adapter';
    const lora = decodeLora(bytes, from);
    const faults = screen(lora, base, details, tokenizerHash(base.header));
    if (faults.length > 0) {
      throw new DramatisError('ADAPTER_MISMATCH', `${from}: ${faults.join('; ')}`);
    }
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const version: AdapterVersion = {
      id: sha256.slice(0, idDigits),
      sha256,
      ...details,
      norms: matrixNorms(lora),
      date: new Date().toISOString(),
      ...{ bytes: bytes.length, rank: lora.rank, alpha: lora.alpha },
    };
    await sweepTemporaries(this.folder);
    return this.#locked(async () => {
      await this.#checkOn(version);
      return this.#store.put(version, bytes);
    });
  }

  /** The newest first. A version whose record is damaged is left out and named in a warning. */
  list(filter?: Filter): Promise<{ versions: AdapterVersion[]; warnings: string[] }> {
    return this.#store.list(filter);
  }

  /** A version by as many digits of its id as tell it from the others: see `VersionStore.get`. */
  get(idOrPrefix: string): Promise<AdapterVersion> {
    return this.#store.get(idOrPrefix);
  }

  /** A version to load, with the play adapter under it, read again and whole: see `VersionStore.open`. */
  open(idOrPrefix: string): Promise<OpenedVersion> {
    return this.#store.open(idOrPrefix);
  }

  /**
   * What is promoted for a slot now; undefined for nothing, which is the base model alone.
   *
   * @throws {DramatisError} STORE_DAMAGED if its record is damaged, or a line of the history that may have changed the
   *   answer: a version that was rolled back must not come back that way.
   */
  async promoted(slot: Slot): Promise<AdapterVersion | undefined> {
    const id = this.#stackOf(await this.#state(), slot).at(-1);
    return id === undefined ? undefined : this.get(id);
  }

  /** Everything promoted, slot by slot; `stack` holds the ids that rollbacks go back to, the one in use last. */
  async promotions(): Promise<{ slot: Slot; stack: readonly string[] }[]> {
    const { slots } = await this.#state();
    return [...slots.values()].filter(({ stack }) => stack.length > 0);
  }

  /** The figures of a version: those it was registered with, and over them those measured later. */
  async metrics({ id, metrics }: AdapterVersion): Promise<Readonly<Record<string, Figure>>> {
    return { ...metrics, ...(await this.#state()).measured.get(id) };
  }

  /** Adds figures to a version, which is itself not changed. */
  async measure(
    idOrPrefix: string,
    metrics: Readonly<Record<string, Figure>>,
    by: string,
  ): Promise<void> {
    const { id } = await this.get(idOrPrefix);
    await this.#locked(async () => {
      await this.#record(await this.#state(), { kind: 'measure', id, metrics, by });
    });
  }

  /** What `promote` would judge by. */
  async gate(idOrPrefix: string): Promise<GateReport> {
    return this.#judge(await this.get(idOrPrefix), await this.#state());
  }

  /**
   * Puts a version in use for its play, character, base and form, if the gate lets it pass.
   *
   * @param options.force Why it is promoted although the gate refuses it: kept in the history.
   * @throws {DramatisError} GATE_REFUSED with the checks that failed; STORE_DAMAGED if its weights are; as `get`.
   * @throws {RangeError} If `force` is blank.
   */
  async promote(
    idOrPrefix: string,
    { by, force }: { readonly by: string; readonly force?: string | undefined },
  ): Promise<Promotion> {
    if (force?.trim() === '') throw new RangeError('a reason is wanted to force a promotion');
    return this.#locked(async () => {
      const { version } = await this.open(idOrPrefix);
      const state = await this.#state();
      const slot = slotOf(version);
      const { id } = version;
      const report = await this.#judge(version, state);
      const replaced = state.slots.get(slotKey(slot))?.stack.at(-1);
      if (replaced === id && !isUncertain(state, slot)) return { version, gate: report, replaced };
      if (report.passes) await this.#record(state, { kind: 'promote', slot, id, gate: report, by });
      else if (force === undefined) throw refusalOf(version, report);
      else await this.#record(state, { kind: 'force', slot, id, gate: report, reason: force, by });
      return { version, gate: report, replaced };
    });
  }

  /**
   * Goes back to what was promoted before.
   *
   * @returns The id that is out of use, and what is in use now: undefined is the base model alone.
   * @throws {DramatisError} ADAPTER_UNKNOWN if nothing is promoted; STORE_DAMAGED if what to go back to is damaged, or
   *   the history: nothing has changed then.
   */
  async rollback(
    slot: Slot,
    { by, reason }: { readonly by: string; readonly reason: string },
  ): Promise<{ readonly from: string; readonly to: AdapterVersion | undefined }> {
    return this.#locked(async () => {
      const state = await this.#state();
      const stack = this.#stackOf(state, slot);
      const from = stack.at(-1);
      if (from === undefined) {
        const whom = slot.character ?? 'all speakers';
        const message = `no version is promoted for ${whom} of ${slot.play} on this base`;
        throw new DramatisError('ADAPTER_UNKNOWN', message);
      }
      const before = stack.at(-2);
      const to = before === undefined ? undefined : (await this.open(before)).version;
      await this.#record(state, { kind: 'rollback', slot, from, to: to?.id ?? null, reason, by });
      return { from, to };
    });
  }

  /** Reads every stored file again, and names those that are not what was written; `checked` are versions. */
  async verify(): Promise<{ checked: number; damage: Damage[]; warnings: string[] }> {
    const found = await this.#store.verify();
    const { events, warnings } = await this.history();
    const { slots } = historyState(events, 0);
    const wanted = new Set([...slots.values()].flatMap(({ stack }) => stack.slice(-2)));
    for (const id of wanted) {
      if (found.ids.includes(id)) continue;
      found.damage.push({ path: join(this.folder, id), fault: 'it is missing, and promoted' });
    }
    return { checked: found.ids.length, damage: found.damage, warnings };
  }

  /**
   * Versions that may go: all but the newest `keep` of each slot, those promoted, those that a rollback goes back to,
   * and the play adapters under any of these.
   *
   * @throws {DramatisError} STORE_DAMAGED if a record or the history is, so that it is not known what may go.
   */
  async prunable(keep: number): Promise<AdapterVersion[]> {
    if (!Number.isInteger(keep) || keep < 0) throw new RangeError(`keep is ${keep}, not a count`);
    const { versions, warnings } = await this.list();
    // What a damaged record builds on is not known, and must not go.
    if (warnings[0] !== undefined) throw new DramatisError('STORE_DAMAGED', warnings[0]);
    const state = await this.#state();
    if (state.lost.length > 0) throw this.#historyDamaged(state.lost);
    const kept = new Set([...state.slots.values()].flatMap(({ stack }) => stack.slice(-2)));
    const newest = new Map<string, number>();
    for (const version of versions) {
      const key = slotKey(slotOf(version));
      const nth = newest.get(key) ?? 0;
      newest.set(key, nth + 1);
      if (nth < keep) kept.add(version.id);
    }
    for (const { id, on } of versions) if (kept.has(id) && on !== undefined) kept.add(on);
    return versions.filter(({ id }) => !kept.has(id));
  }

  /** Deletes what `prunable` names, and returns it. */
  async prune({
    keep,
    by,
  }: {
    readonly keep: number;
    readonly by: string;
  }): Promise<AdapterVersion[]> {
    return this.#locked(async () => {
      const gone = await this.prunable(keep);
      if (gone.length === 0) return gone;
      const ids = gone.map(({ id }) => id);
      const reason = `the newest ${keep} of each are kept`;
      await this.#record(await this.#state(), { kind: 'prune', ids, reason, by });
      for (const id of ids) await this.#store.remove(id);
      return gone;
    });
  }

  /** All that happened, oldest first. */
  async history(): Promise<{ events: HistoryEvent[]; warnings: string[] }> {
    const { records, warnings } = await Journal.read<HistoryEvent>(this.#historyPath);
    return { events: records, warnings };
  }

  #locked<T>(task: () => Promise<T>): Promise<T> {
    return withLock(join(this.folder, 'registry'), task, lockOptions);
  }

  async #state(): Promise<HistoryState> {
    const { events, warnings } = await this.history();
    // A torn last line was never acknowledged; a damaged one was.
    const damaged = warnings.filter(
      (warning) => !/: dropped the torn last line, \d+$/.test(warning),
    );
    return historyState(events, damaged.length);
  }

  #stackOf(state: HistoryState, slot: Slot): readonly string[] {
    if (isUncertain(state, slot)) throw this.#historyDamaged(state.lost);
    return state.slots.get(slotKey(slot))?.stack ?? [];
  }

  #historyDamaged(lost: readonly number[]): DramatisError {
    const what = lost.length === 1 ? `entry ${lost[0]} is` : `entries ${lost.join(', ')} are`;
    const message = `${this.#historyPath}: ${what} damaged, so what is promoted is not certain`;
    return new DramatisError('STORE_DAMAGED', message, {
      remedy: 'Run "dramatis adapters promote ID" for the version that you want.',
    });
  }

  async #judge(version: AdapterVersion, state: HistoryState): Promise<GateReport> {
    const before = (state.slots.get(slotKey(slotOf(version)))?.stack ?? []).filter(
      (id) => id !== version.id,
    );
    const { versions } = await this.list({ base: version.base.sha256, layer: version.layer });
    const previous = versions.find(({ id }) => id === before.at(-1));
    const metricsOf = ({ id, metrics }: AdapterVersion) => ({
      ...metrics,
      ...state.measured.get(id),
    });
    const fleet = versions.filter(({ id, rank }) => id !== version.id && rank === version.rank);
    return gate(
      { data: version.data, metrics: metricsOf(version), norms: version.norms },
      previous && { metrics: metricsOf(previous) },
      fleet.map(({ norms }) => norms),
    );
  }

  /** Under the lock of the registry, with the state read under it: events are numbered without gaps. */
  async #record({ nextNumber }: HistoryState, event: NewEvent): Promise<void> {
    this.#journal ??= await Journal.open<HistoryEvent>(this.#historyPath, this.#disk);
    const date = new Date().toISOString();
    await this.#journal.append({ number: nextNumber, date, ...event }, lockOptions);
  }

  async #checkOn({ on, layer, base, play }: AdapterVersion): Promise<void> {
    if (on === undefined) return;
    const under = await this.get(on);
    const suits = under.layer === 'play' && layer === 'character';
    if (suits && under.base.sha256 === base.sha256 && under.play === play) return;
    const what = `${under.id} is a ${under.layer} adapter of ${under.play} on ${under.base.name}`;
    throw new DramatisError('ADAPTER_MISMATCH', `it cannot be put on another: ${what}`);
  }
}

/** Whether a line was lost after the last one about the slot: it may have been about it too. */
function isUncertain({ slots, lost }: HistoryState, slot: Slot): boolean {
  const known = slots.get(slotKey(slot))?.number ?? 0;
  return lost.some((number) => number > known);
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new DramatisError('FILE_MISSING', `cannot read ${path}`, { cause });
  }
}
