import { compute } from '../engine/compute.ts';
import { forcedKernels, kernelsVariable } from '../engine/step-kernels.ts';
import { processorKind } from '../store/processor-kind.ts';
import type { Settings, StepKernels } from '../store/settings.ts';
import { measuredStep } from '../store/step-kernels.ts';
import type { Finding } from './doctor-report.ts';

/** Whose kernels compute steps on this machine's processor. */
export interface StepChoice {
  /** The two sets that are compared, such as "avx512vnni 1, ggml 0.15.3"; empty where there is only ggml's. */
  readonly compared: string;
  /** What the environment forces: "own" or "ggml". */
  readonly forced: 'own' | 'ggml' | null;
  /** What was measured here, by kind of work. */
  readonly measured: Readonly<Record<string, StepKernels>>;
}

/**
 * Whose kernels compute steps here, as far as the settings know.
 *
 * @throws {DramatisError} NATIVE_MISSING; USAGE for a word in the environment that is none.
 */
export function stepChoice(settings: Settings): StepChoice {
  const compared = compute().comparedKernels();
  const processor = processorKind();
  const known = Object.keys(settings.get('steps')?.[processor] ?? {}).flatMap((work) => {
    const one = measuredStep(settings, processor, work, compared);
    return one === undefined ? [] : [[work, one] as const];
  });
  return { compared, forced: forcedKernels() ?? null, measured: Object.fromEntries(known) };
}

/** One line on whose kernels compute steps here, and how much faster ours were found to be. */
export function kernelsFinding({ compared, forced, measured }: StepChoice): Finding {
  const about = 'kernels';
  if (compared === '')
    return { state: 'ok', about, what: "ggml's: there are none of our own for this processor" };
  if (forced !== null) {
    const whose = forced === 'own' ? 'our own' : "ggml's";
    return { state: 'note', about, what: `${whose}, since ${kernelsVariable} is "${forced}"` };
  }
  const all = Object.entries(measured);
  if (all.length === 0)
    return { state: 'ok', about, what: 'measured when a model is opened for the first time' };
  const own = all.filter(([, { own }]) => own).map(workText);
  const others = all.filter(([, { own }]) => !own).map(workText);
  const what = [
    own.length > 0 && `our own for ${own.join(', ')}`,
    others.length > 0 && `ggml's for ${others.join(', ')}`,
  ];
  return { state: 'ok', about, what: what.filter(Boolean).join('; ') };
}

/** Such as "Q4_K (1.49 × as fast at 1, 1.48 at 4, 1.63 at 16 together)". */
function workText([work, { gains }]: readonly [string, StepKernels]): string {
  const each = gains.map(({ columns, times }, i) =>
    i === 0 ? `${times} × as fast at ${columns}` : `${times} at ${columns}`,
  );
  return `${work} (${each.join(', ')} together)`;
}
