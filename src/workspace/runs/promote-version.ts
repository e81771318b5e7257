import { adaptersOf } from '../../actor/version-adapters.ts';
import type { Source } from '../../corpus/source.ts';
import type { Model } from '../../engine/model.ts';
import { DramatisError } from '../../errors.ts';
import { measureForGate } from '../../eval/gate-figures.ts';
import type { EvalProgress } from '../../eval/run/evaluate.ts';
import { routineItems } from '../../eval/run/run-size.ts';
import type { GateReport } from '../../registry/promotion-gate.ts';
import type { Registry } from '../../registry/registry.ts';
import type { AdapterVersion, Figure } from '../../registry/version.ts';
import { program } from '../program.ts';

/** What the gate said of a version, and whether it is in use now. */
export interface PromotionEvent {
  readonly kind: 'promotion';
  readonly id: string;
  readonly gate: GateReport;
  readonly isInUse: boolean;
  /** Why it is not in use, if the gate refused it. */
  readonly refusal: DramatisError | undefined;
}

/** What a version is measured with. */
export interface MeasuringParts {
  readonly registry: Registry;
  readonly model: Model;
  /** With the parts of the play that were in force when it was trained. */
  readonly source: Source;
  /** Names of the figures to measure, of `gateFigures`; all that the gate looks at unless given. */
  readonly figures?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures a version from its file as the gate wants it, and keeps the figures.
 *
 * @throws {DramatisError} What `measureForGate` and `Registry.measure` throw.
 */
export async function* measureVersion(
  { id, form }: AdapterVersion,
  { registry, model, source, figures: wanted, signal }: MeasuringParts,
): AsyncGenerator<EvalProgress, Readonly<Record<string, Figure>>> {
  const adapters = await adaptersOf(await registry.open(id), model, 1);
  try {
    const figures = yield* measureForGate({
      model,
      source,
      form,
      adapters,
      signal,
      figures: wanted,
      persona: true,
      limit: routineItems,
    });
    await registry.measure(id, figures, program());
    return figures;
  } finally {
    for (const { adapter } of adapters) adapter[Symbol.dispose]();
  }
}

/**
 * Measures a version and puts it in use if the gate lets it.
 *
 * @throws {DramatisError} What `measureVersion` and `Registry.promote` throw, but for GATE_REFUSED, which is an answer.
 */
export async function* measureAndPromote(
  version: AdapterVersion,
  parts: MeasuringParts,
): AsyncGenerator<EvalProgress | PromotionEvent, void> {
  const { registry } = parts;
  const { id } = version;
  yield* measureVersion(version, parts);
  try {
    const { gate } = await registry.promote(id, { by: program() });
    yield { kind: 'promotion', id, gate, isInUse: true, refusal: undefined };
  } catch (error) {
    if (!(error instanceof DramatisError) || error.code !== 'GATE_REFUSED') throw error;
    const gate = await registry.gate(id);
    yield { kind: 'promotion', id, gate, isInUse: false, refusal: error };
  }
}
