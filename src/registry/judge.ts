import { type GateReport, promotionGate } from './promotion-gate.ts';
import type { Promotions } from './promotions.ts';
import { type AdapterVersion, type Figures, slotKey, slotOf } from './version.ts';

/** The figures of a version: those it was registered with, and over them those measured later. */
export function metricsOf({ id, metrics }: AdapterVersion, { measured }: Promotions): Figures {
  return { ...metrics, ...measured.get(id) };
}

/**
 * Puts a version before the gate, beside what was promoted before it and the versions like it.
 *
 * @param others Versions of the same base and layer; the version itself may be among them.
 * @param beneath What the version lies on, where it is of another layer.
 */
export function judge(
  version: AdapterVersion,
  others: readonly AdapterVersion[],
  promotions: Promotions,
  beneath?: AdapterVersion,
): GateReport {
  const stack = promotions.slots.get(slotKey(slotOf(version)))?.stack ?? [];
  const before = stack.filter((id) => id !== version.id).at(-1);
  const previous = others.find(({ id }) => id === before);
  const fleet = others.filter(({ id, rank }) => id !== version.id && rank === version.rank);
  const under = beneath ?? others.find(({ id }) => id === version.on);
  const reinforced = version.kind === 'reinforced' && {
    under: under && { metrics: metricsOf(under, promotions) },
  };
  return promotionGate(
    {
      ...{ data: version.data, metrics: metricsOf(version, promotions), norms: version.norms },
      ...(reinforced && { reinforced }),
    },
    previous && { metrics: metricsOf(previous, promotions) },
    fleet.map(({ norms }) => norms),
  );
}
