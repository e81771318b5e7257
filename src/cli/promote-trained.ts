import { adaptersOf } from '../actor/version-adapters.ts';
import type { Source } from '../corpus/source.ts';
import type { Model } from '../engine/model.ts';
import { DramatisError } from '../errors.ts';
import { measureForGate } from '../eval/gate-figures.ts';
import { mapped, resultOf } from '../eval/run/mapped.ts';
import { routineItems } from '../eval/run/routine-items.ts';
import type { GateReport } from '../registry/gate.ts';
import type { Registry } from '../registry/registry.ts';
import type { AdapterVersion } from '../registry/version.ts';
import { program } from './commands/run-adapters-use.ts';
import { EvalProgress } from './terminal/eval-progress.ts';

export interface Promoted {
  readonly gate: GateReport;
  /** Why it is not in use, if the gate refused it. */
  readonly refusal?: DramatisError;
}

/**
 * Measures a version as the gate wants it, from its file, and puts it in use if the gate lets it.
 *
 * @throws {DramatisError} What `measureForGate` and `Registry.promote` throw, but for GATE_REFUSED, which is an answer.
 */
export async function promoteTrained(
  { id, form }: AdapterVersion,
  {
    registry,
    model,
    source,
    signal,
  }: {
    readonly registry: Registry;
    readonly model: Model;
    readonly source: Source;
    readonly signal: AbortSignal;
  },
): Promise<Promoted> {
  const adapters = await adaptersOf(await registry.open(id), model, 1);
  try {
    using progress = new EvalProgress();
    const measuring = measureForGate({
      ...{ model, source, form, adapters, signal },
      ...{ persona: true, limit: routineItems },
    });
    const figures = await resultOf(mapped(measuring, progress.report));
    await registry.measure(id, figures, program());
  } finally {
    for (const { adapter } of adapters) adapter[Symbol.dispose]();
  }
  try {
    return { gate: (await registry.promote(id, { by: program() })).gate };
  } catch (error) {
    if (!(error instanceof DramatisError) || error.code !== 'GATE_REFUSED') throw error;
    return { gate: await registry.gate(id), refusal: error };
  }
}
