import { figuresFrom } from '../../eval/results-figures.ts';
import { readResults } from '../../eval/results-file.ts';
import { normalName } from '../../play/cast/label.ts';
import type { Registry } from '../../registry/registry.ts';
import type { AdapterForm, Slot } from '../../registry/version.ts';
import { UsageError } from '../failure.ts';
import { gateText } from '../terminal/adapters-text.ts';
import { version as programVersion } from '../version.ts';
import { openRegistry } from './run-adapters.ts';

export const program = (): string => `dramatis ${programVersion()}`;

/** `dramatis adapters promote` */
export async function runPromote({
  id,
  results,
  force,
  json,
}: {
  readonly id: string;
  readonly results: readonly string[];
  readonly force?: string | undefined;
  readonly json: boolean;
}): Promise<void> {
  const registry = await openRegistry();
  const version = await registry.get(id);
  for (const path of results) {
    const figures = figuresFrom((await readResults(path)).results, version, path);
    await registry.measure(version.id, figures, program());
  }
  const promotion = await registry.promote(version.id, { by: program(), force });
  const { gate, replaced } = promotion;
  if (json) {
    console.log(JSON.stringify({ version, gate, replaced: replaced ?? null }, null, 2));
    return;
  }
  console.log(gateText(gate));
  const before = replaced === undefined ? 'nothing was in use before' : `${replaced} was before`;
  const state = replaced === version.id ? 'was in use already' : `is in use; ${before}`;
  console.log(`${version.id} ${state}`);
}

/** `dramatis adapters rollback` */
export async function runRollback({
  reason,
  json,
  ...wanted
}: RollbackTarget & { readonly reason: string; readonly json: boolean }): Promise<void> {
  const registry = await openRegistry();
  const slot = await slotFor(wanted, registry);
  const { from, to } = await registry.rollback(slot, { by: program(), reason });
  if (json) console.log(JSON.stringify({ slot, from, to: to ?? null }, null, 2));
  else
    console.log(
      `${from} is out of use; ${to ? `${to.id} is in use` : 'nothing of its own is in use'}`,
    );
}

interface RollbackTarget {
  readonly who: string;
  readonly play?: string | undefined;
  readonly model?: string | undefined;
  readonly form?: AdapterForm | undefined;
}

/** The one slot in use that is meant. */
async function slotFor(
  { who, play, model, form }: RollbackTarget,
  registry: Registry,
): Promise<Slot> {
  const wanted = normalName(who);
  const inUse = await registry.promotions();
  const { versions } = await registry.list();
  const named = inUse.map(({ slot, stack }) => {
    const id = stack.at(-1)!;
    return { slot, id, base: versions.find((version) => version.id === id)?.base.name ?? '' };
  });
  const fitting = named.filter(
    ({ slot, id, base }) =>
      (id.startsWith(who.toLowerCase()) ||
        slot.character === wanted ||
        slot.character?.split(' ').includes(wanted)) &&
      (play === undefined || slot.play === play) &&
      (model === undefined || base === model || slot.base === model) &&
      (form === undefined || slot.form === form),
  );
  const [first, second] = fitting;
  const told = (list: typeof named) =>
    list
      .map(
        ({ slot, id, base }) =>
          `${id} (${slot.character ?? 'all'}, ${slot.play}, ${base}, ${slot.form})`,
      )
      .join('; ');
  if (first && !second) return first.slot;
  if (first) throw new UsageError(`"${who}" fits several, give the id: ${told(fitting)}`);
  const others = named.length > 0 ? `; in use are ${told(named)}` : '; nothing is';
  throw new UsageError(`nothing in use fits "${who}"${others}`);
}

/** `dramatis adapters prune` */
export async function runPrune({
  keep,
  dryRun,
  json,
}: {
  readonly keep: number;
  readonly dryRun: boolean;
  readonly json: boolean;
}): Promise<void> {
  const registry = await openRegistry();
  const gone = dryRun
    ? await registry.prunable(keep)
    : await registry.prune({ keep, by: program() });
  if (json) {
    console.log(JSON.stringify(gone, null, 2));
    return;
  }
  for (const { id, character, play, date } of gone) {
    console.log(`${id}  ${character ?? '(all)'}, ${play}, ${date.slice(0, 10)}`);
  }
  const bytes = gone.reduce((sum, version) => sum + version.bytes, 0);
  const verb = dryRun ? 'would be deleted' : 'deleted';
  console.error(`${gone.length} versions ${verb}, ${(bytes / 1e6).toFixed(1)} MB.`);
}
