import { DramatisError } from '../errors.ts';
import { judge } from './judge.ts';
import type { GateReport } from './promotion-gate.ts';
import { isUncertain, type Promotions } from './promotions.ts';
import { refusalOf } from './refusal.ts';
import type { Stores } from './stores.ts';
import { type AdapterVersion, type Figures, type Slot, slotKey, slotOf } from './version.ts';

export interface Promotion {
  readonly version: AdapterVersion;
  readonly gate: GateReport;
  /** Id of what was promoted before; equal to the version's if nothing changed. */
  readonly replaced: string | undefined;
}

export interface PromoteOptions {
  /** Program and version, or a person. */
  readonly by: string;
  /** Why it is promoted although the gate refuses it: kept in the history. */
  readonly force?: string | undefined;
}

/** Puts a version before the gate, beside the versions like it. */
export async function judgeBeside(
  { versions }: Stores,
  version: AdapterVersion,
  promotions: Promotions,
): Promise<GateReport> {
  const { layer, base } = version;
  const { versions: others } = await versions.list({ base: base.sha256, layer });
  // What it lies on may be of another layer.
  const isListed = others.some(({ id }) => id === version.on);
  const under =
    version.on === undefined || isListed ? [] : [(await versions.open(version.on)).version];
  return judge(version, others, promotions, under[0]);
}

/** Puts a version in use: see `Registry.promote`. */
export function promote(
  stores: Stores,
  idOrPrefix: string,
  { by, force }: PromoteOptions,
): Promise<Promotion> {
  if (force?.trim() === '') throw new RangeError('a reason is wanted to force a promotion');
  const { versions, history } = stores;
  return stores.locked(async () => {
    const { version } = await versions.open(idOrPrefix);
    const promotions = await history.promotions();
    const { id } = version;
    const slot = slotOf(version);
    const gate = await judgeBeside(stores, version, promotions);
    const replaced = promotions.slots.get(slotKey(slot))?.stack.at(-1);
    const isInUse = replaced === id && !isUncertain(promotions, slot);
    if (isInUse) return { version, gate, replaced };
    if (gate.passes) await history.append(promotions, { kind: 'promote', slot, id, gate, by });
    else if (force === undefined) throw refusalOf(version, gate);
    else await history.append(promotions, { kind: 'force', slot, id, gate, reason: force, by });
    return { version, gate, replaced };
  });
}

/** Adds figures to a version: see `Registry.measure`. */
export function measure(stores: Stores, id: string, metrics: Figures, by: string): Promise<void> {
  const { history } = stores;
  return stores.locked(async () => {
    await history.append(await history.promotions(), { kind: 'measure', id, metrics, by });
  });
}

export interface Rollback {
  /** Id that is out of use. */
  readonly from: string;
  /** What is in use now; undefined is the base model alone. */
  readonly to: AdapterVersion | undefined;
}

/** Goes back to what was promoted before: see `Registry.rollback`. */
export function rollback(
  stores: Stores,
  slot: Slot,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<Rollback> {
  const { versions, history } = stores;
  return stores.locked(async () => {
    const promotions = await history.promotions();
    const stack = history.stackOf(promotions, slot);
    const from = stack.at(-1);
    if (from === undefined) {
      const whom = slot.character ?? 'all speakers';
      const message = `no version is promoted for ${whom} of ${slot.play} on this base`;
      throw new DramatisError('ADAPTER_UNKNOWN', message);
    }
    const before = stack.at(-2);
    const to = before === undefined ? undefined : (await versions.open(before)).version;
    const event = { kind: 'rollback', slot, from, to: to?.id ?? null, reason, by } as const;
    await history.append(promotions, event);
    return { from, to };
  });
}
