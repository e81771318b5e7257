import { normalName } from '../../play/cast/label.ts';
import { diffVersions } from '../../registry/diff-versions.ts';
import type { Registry } from '../../registry/registry.ts';
import { openDramatis } from '../open-dramatis.ts';
import { diffText, listText, showText } from '../terminal/adapters-text.ts';
import { damageText, faultText } from '../terminal/fault-text.ts';
import { messages, output } from '../terminal/output.ts';

/** The registry that the commands about adapters read and change. */
export async function openRegistry(): Promise<Registry> {
  return (await openDramatis()).registry();
}

/** `dramatis adapters list` */
export async function runList({
  play,
  character,
  json,
}: {
  readonly play?: string | undefined;
  readonly character?: string | undefined;
  readonly json: boolean;
}): Promise<void> {
  const registry = await openRegistry();
  const { versions, damage } = await registry.list(play === undefined ? {} : { play });
  for (const one of damage) messages.line(damageText(one));
  const wanted = character === undefined ? undefined : normalName(character);
  const inUse = new Set((await registry.promotions()).map(({ stack }) => stack.at(-1)));
  const rows = [];
  for (const version of versions) {
    if (wanted !== undefined && version.character !== wanted) continue;
    const metrics = await registry.metrics(version);
    rows.push({ ...version, metrics, promoted: inUse.has(version.id) });
  }
  if (json) output.json(rows);
  else if (rows.length > 0) output.line(listText(rows));
  else messages.line(`No adapter versions in ${registry.folder}.`);
}

/** `dramatis adapters show` */
export async function runShow({ id, json }: { readonly id: string; readonly json: boolean }) {
  const registry = await openRegistry();
  const version = await registry.get(id);
  const [metrics, gate, { events }] = await Promise.all([
    registry.metrics(version),
    registry.gate(version.id),
    registry.history(),
  ]);
  const own = events.filter((event) => JSON.stringify(event).includes(version.id));
  const shown = { version, metrics, gate, events: own };
  if (json) output.json(shown);
  else output.line(showText(shown));
}

/** `dramatis adapters diff` */
export async function runDiff(given: {
  readonly a: string;
  readonly b: string;
  readonly json: boolean;
}): Promise<void> {
  const registry = await openRegistry();
  const [a, b] = await Promise.all([registry.get(given.a), registry.get(given.b)]);
  const differences = diffVersions(a, b);
  // JSON has no undefined: a field that one has not is null there.
  const plain = differences.map((one) => ({
    field: one.field,
    a: one.a ?? null,
    b: one.b ?? null,
  }));
  if (given.json) output.json(plain);
  else output.line(diffText(a, b, differences));
}

/** `dramatis adapters verify` */
export async function runVerify({ json }: { readonly json: boolean }): Promise<void> {
  const registry = await openRegistry();
  const found = await registry.verify();
  const { checked, damage, faults } = found;
  if (json) output.json(found);
  else {
    for (const one of damage) output.line(damageText(one));
    for (const fault of faults) output.line(faultText(registry.historyPath, fault));
    messages.line(`${checked} versions read, ${damage.length + faults.length} faults.`);
  }
  if (damage.length + faults.length > 0) process.exitCode = 1;
}
