import type { Model } from '../engine/model.ts';
import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import { type Form, templateVersion } from '../prompt/prompt.ts';
import { templateOfVersion } from '../prompt/prompt-template.ts';
import type { AdapterVersion } from '../registry/version.ts';
import type { OpenedVersion } from '../registry/versions.ts';

/** The model and prompt that an adapter is to speak with. */
export interface AdapterUse {
  /** sha256 of the model's file, in hex. */
  readonly base: string;
  readonly form: Form;
  /** Version of the prompt template; the default's unless given. */
  readonly templateVersion?: number | undefined;
}

/** How an adapter was trained, as far as it is known; a file from elsewhere says little. */
export type Training = Partial<Pick<AdapterVersion, 'base' | 'form' | 'templateVersion'>>;

/**
 * Why an adapter would not speak here as it was trained to; undefined if nothing stands against it. Whose voice it is
 * is not looked at: one may hear Hamlet with the adapter of Claudius.
 */
export function incompatibilityOf(
  trained: Training,
  { base, form, templateVersion: here = templateVersion }: AdapterUse,
): string | undefined {
  if (trained.base && trained.base.sha256 !== base) {
    const [own, here] = [trained.base.sha256, base].map((sha256) => sha256.slice(0, 12));
    return `it was trained on ${trained.base.name} (sha256 ${own}…), the model here is ${here}…`;
  }
  if ((trained.form ?? form) !== form) {
    return `it was trained in the form ${trained.form}, this is ${form}`;
  }
  const { templateVersion: own = here } = trained;
  if (own === here) return undefined;
  const fitting = templateOfVersion(own);
  if (fitting?.version === here) return undefined;
  const way = fitting
    ? `ask with --prompt ${fitting.name}, or train it again`
    : 'no prompt here has the tokens of that version, so train it again';
  return `it was trained with version ${own} of the prompt, this is version ${here}: ${way}`;
}

/**
 * What a reader is to know of an adapter that may be used: that it was trained with an earlier version of the prompt,
 * whose training rows have the tokens that are asked with now. Undefined if the version did not change.
 */
export function earlierPromptOf(
  { templateVersion: own }: Training,
  here: number = templateVersion,
): string | undefined {
  if (own === undefined || own === here) return undefined;
  return `it was trained with version ${own} of the prompt; version ${here}, which asks now, has the same training rows`;
}

/**
 * Opens the adapters of a version on a model: its own, and the play adapter under it, at the same scale.
 *
 * @throws {DramatisError} What `Model.adapter` throws.
 */
export async function adaptersOf(
  { path, on, version }: OpenedVersion,
  model: Pick<Model, 'adapter'>,
  scale: number,
): Promise<ActiveAdapter[]> {
  const under = on ? await adaptersOf(on, model, scale) : [];
  return [
    ...under,
    { adapter: await model.adapter(path, version.sha256), scale, scope: version.scope },
  ];
}
