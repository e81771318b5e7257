import { readFile } from 'node:fs/promises';
import { type AdapterUse, incompatibilityOf } from '../../actor/version-adapters.ts';
import type { Factors } from '../../engine/trainer.ts';
import { DramatisError } from '../../errors.ts';
import { decodeLora } from '../../gguf/lora-gguf.ts';
import type { Registry } from '../../registry/registry.ts';
import type { AdapterVersion } from '../../registry/version.ts';

/** A version that a run builds on, with its factors. */
export interface KnownVersion {
  readonly version: AdapterVersion;
  readonly path: string;
  readonly factors: readonly Factors[];
}

/** What a version must have been trained for. */
interface Wanted {
  /** sha256 of the base model's file, in hex. */
  readonly base: string;
  /** Id of the play, or ids with commas between. */
  readonly play: string;
  /** Cast name; null for everybody. */
  readonly character: string | null;
}

/**
 * The play adapter that a run trains on top of: of the run's play, or of several plays, whichever they are.
 *
 * @throws {DramatisError} ADAPTER_UNKNOWN, STORE_DAMAGED; ADAPTER_MISMATCH if it is neither, or of another model.
 */
export async function openPlayAdapter(
  registry: Registry,
  id: string,
  { base, play }: Wanted,
): Promise<KnownVersion> {
  const known = await openKnown(registry, id);
  const { version } = known;
  const isOfPlay = version.play === play || version.plays !== undefined;
  if (version.base.sha256 === base && isOfPlay && version.layer === 'play') return known;
  throw mismatch(
    version,
    'Give --on a version that was trained with --everyone for this play, or with --plays, for this model.',
  );
}

/**
 * The version that a run begins with, trained on the same layer below it.
 *
 * @throws {DramatisError} ADAPTER_UNKNOWN, STORE_DAMAGED; ADAPTER_MISMATCH if it is of another character, model or layer.
 */
export async function openParent(
  registry: Registry,
  id: string,
  { base, play, character, on }: Wanted & { readonly on: string | undefined },
): Promise<KnownVersion> {
  const known = await openKnown(registry, id);
  const { version } = known;
  const isOwn = version.play === play && version.character === character;
  if (version.base.sha256 === base && isOwn && version.on === on) return known;
  throw mismatch(
    version,
    'Give --from a version of the same character and model, and the --on it was trained with.',
  );
}

/**
 * Any version to train on top of, with all that lies under it.
 *
 * @param use The model and form that it is to be used with.
 * @returns The factors of all of them, the one that lies under the others first.
 * @throws {DramatisError} ADAPTER_UNKNOWN, STORE_DAMAGED; ADAPTER_MISMATCH for one of another model, form, prompt or scope.
 */
export async function openStack(
  registry: Registry,
  id: string,
  use: AdapterUse,
): Promise<{ readonly versions: readonly AdapterVersion[]; readonly factors: readonly Factors[] }> {
  const { version, factors } = await openKnown(registry, id);
  const why = incompatibilityOf(version, use);
  if (why !== undefined)
    throw new DramatisError('ADAPTER_MISMATCH', `${version.id} is incompatible: ${why}`, {
      remedy: 'Give --on a version of this model, form and prompt, or leave it out.',
    });
  if (version.scope === 'turn')
    throw new DramatisError(
      'ADAPTER_MISMATCH',
      `${version.id} acts on its own turns alone, and a page is read as a whole`,
      { remedy: 'Give --on a version that was trained with --scope context.' },
    );
  if (version.on === undefined) return { versions: [version], factors };
  const under = await openStack(registry, version.on, use);
  return { versions: [...under.versions, version], factors: [...under.factors, ...factors] };
}

async function openKnown(registry: Registry, id: string): Promise<KnownVersion> {
  const { version, path } = await registry.open(id);
  const { rank, alpha, matrices } = decodeLora(await readFile(path), path);
  const factors = matrices.map(({ name, a, b }) => ({ name, rank, scale: alpha / rank, a, b }));
  return { version, path, factors };
}

function mismatch(version: AdapterVersion, remedy: string): DramatisError {
  const whose = `${version.character ?? 'everybody'} in ${version.play}`;
  const message = `${version.id} is of ${whose} on ${version.base.name}`;
  return new DramatisError('ADAPTER_MISMATCH', message, { remedy });
}
