import { withDev } from '../corpus/splits/dev-slice.ts';
import { crossFit } from '../corpus/splits/split.ts';
import { DramatisError } from '../errors.ts';
import type { EvalProgress } from '../eval/run/evaluate.ts';
import { isOpen } from '../registry/refusal.ts';
import type { Registry } from '../registry/registry.ts';
import type { AdapterVersion, Figure } from '../registry/version.ts';
import { openModel } from './open-model.ts';
import { openRegistry } from './open-registry.ts';
import { type OpenedSource, openSource } from './open-source.ts';
import { measureVersion } from './runs/promote-version.ts';
import type { Workspace } from './workspace.ts';

export interface MeasureOptions {
  /** Where the play is, if it is not found by the name that the version has: an id or a file. */
  readonly play?: string | undefined;
  /** Where its base model is, likewise. */
  readonly model?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Names of the figures that the gate looks at and that nobody has measured for a version. */
export async function missingFigures(registry: Registry, id: string): Promise<readonly string[]> {
  const { checks } = await registry.gate(id);
  return checks.flatMap((check) => (isOpen(check) ? [check.lacks!] : []));
}

/**
 * Measures what the gate lacks for a version, on the scenes that it was not trained on, and keeps the figures with it.
 *
 * @throws {DramatisError} ADAPTER_MISMATCH if the play or the model found is not the one it was trained on; what opening
 *   them throws; `signal.reason`.
 */
export async function* measureMissing(
  workspace: Workspace,
  id: string,
  options: MeasureOptions = {},
): AsyncGenerator<EvalProgress, Readonly<Record<string, Figure>>> {
  const registry = openRegistry(workspace);
  const version = await registry.get(id);
  const figures = await missingFigures(registry, version.id);
  if (figures.length === 0) return {};
  const { signal } = options;
  const source = await sourceOf(workspace, version, options);
  using opened = await openModel(workspace, options.model ?? version.base.name, signal);
  if ((await opened.sha256()) !== version.base.sha256)
    throw mismatch(version, `${opened.name} is another model`, 'Give its base with --model FILE.');
  const { model } = opened;
  return yield* measureVersion(version, { registry, model, source, figures, signal });
}

/** The play of a version, with the parts that were in force when it was trained. */
async function sourceOf(
  workspace: Workspace,
  version: AdapterVersion,
  { play = version.play, signal }: MeasureOptions,
): Promise<OpenedSource> {
  const remedy = 'Give the text it was trained on with --play FILE.';
  const request = { play, character: version.character ?? undefined };
  const source = await openSource(workspace, request, signal).catch((error: unknown) => {
    if (!(error instanceof DramatisError) || error.code !== 'PLAY_UNKNOWN') throw error;
    throw new DramatisError('PLAY_UNKNOWN', error.message, { remedy, cause: error });
  });
  if (source.sha256 !== version.edition) throw mismatch(version, `${play} is another text`, remedy);
  const { fold, devScenes } = partsOf(version);
  const split = fold === undefined ? source.split : crossFit(source.split, fold);
  return { ...source, split: devScenes ? withDev(split, devScenes) : split };
}

/** Which fold was held out in training, and which train scenes stood for dev, as the recipe says. */
function partsOf({ recipe }: AdapterVersion): {
  readonly fold?: number | undefined;
  readonly devScenes?: readonly string[] | undefined;
} {
  if (recipe === null || typeof recipe !== 'object' || Array.isArray(recipe)) return {};
  const { fold, devScenes } = recipe as { readonly fold?: unknown; readonly devScenes?: unknown };
  return {
    fold: typeof fold === 'number' ? fold : undefined,
    devScenes: Array.isArray(devScenes) ? devScenes.map(String) : undefined,
  };
}

function mismatch({ id, play, base }: AdapterVersion, found: string, remedy: string) {
  const message = `${id} was trained on ${base.name} and ${play}, but ${found}`;
  return new DramatisError('ADAPTER_MISMATCH', message, { remedy });
}
