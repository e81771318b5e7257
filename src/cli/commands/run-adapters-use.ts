import { figuresFrom } from '../../eval/results-figures.ts';
import { readResults } from '../../eval/results-file.ts';
import { normalName } from '../../play/cast/label.ts';
import { isOpen } from '../../registry/refusal.ts';
import type { Registry } from '../../registry/registry.ts';
import type { AdapterForm, Slot } from '../../registry/version.ts';
import { type MeasureOptions, measureMissing } from '../../workspace/measure-version.ts';
import { program } from '../../workspace/program.ts';
import { UsageError } from '../failure.ts';
import { openDramatis, type WorkspaceOptions } from '../open-dramatis.ts';
import { gateText } from '../terminal/adapters-text.ts';
import { canAsk, confirm } from '../terminal/confirm.ts';
import { EvalProgress } from '../terminal/eval-progress.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import { openRegistry } from './run-adapters.ts';

export interface PromoteRequest extends MeasureOptions, WorkspaceOptions {
  readonly id: string;
  /** Files of `dramatis eval`. */
  readonly results: readonly string[];
  /** Measures what is missing without asking. */
  readonly measure: boolean;
  readonly force?: string | undefined;
  readonly json: boolean;
}

/** `dramatis adapters promote`: keeps the figures of results, measures what is missing, and asks the gate. */
export async function runPromote(request: PromoteRequest): Promise<void> {
  const { id, results, force, json } = request;
  using opening = new OpeningProgress();
  using dramatis = await openDramatis(request, opening.report);
  const registry = dramatis.registry();
  const version = await registry.get(id);
  for (const path of results) {
    const figures = figuresFrom((await readResults(path)).results, version, path);
    await registry.measure(version.id, figures, program());
  }
  if (await wantsMeasuring(request, registry)) {
    using progress = new EvalProgress();
    opening.begin('Opening the model');
    for await (const event of measureMissing(dramatis, version.id, request)) {
      opening[Symbol.dispose]();
      progress.report(event);
    }
  }
  const { gate, replaced } = await registry.promote(version.id, { by: program(), force });
  if (json) {
    output.json({ version, gate, replaced: replaced ?? null });
    return;
  }
  output.line(gateText(gate));
  const before = replaced === undefined ? 'nothing was in use before' : `${replaced} was before`;
  const state = replaced === version.id ? 'was in use already' : `is in use; ${before}`;
  output.line(`${version.id} ${state}`);
}

/** Whether to measure: if something is missing that could let the version pass, and it is asked for or agreed to. */
async function wantsMeasuring(
  { id, measure, force, json, signal }: PromoteRequest,
  registry: Registry,
): Promise<boolean> {
  if (force !== undefined) return false;
  const { checks } = await registry.gate(id);
  const open = checks.filter(isOpen).map(({ name }) => name);
  if (open.length === 0) return false;
  if (measure) return true;
  const isBad = checks.some((check) => !check.passes && !isOpen(check));
  if (isBad || json || !canAsk()) return false;
  const what = `${open.join(', ')} ${open.length === 1 ? 'is' : 'are'} not measured yet`;
  return confirm(`${what}. Measure now, which takes a minute or a few?`, signal);
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
  if (json) output.json({ slot, from, to: to ?? null });
  else
    output.line(
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
    output.json(gone);
    return;
  }
  for (const { id, character, play, date } of gone) {
    output.line(`${id}  ${character ?? '(all)'}, ${play}, ${date.slice(0, 10)}`);
  }
  const bytes = gone.reduce((sum, version) => sum + version.bytes, 0);
  const verb = dryRun ? 'would be deleted' : 'deleted';
  messages.line(`${gone.length} versions ${verb}, ${(bytes / 1e6).toFixed(1)} MB.`);
}
