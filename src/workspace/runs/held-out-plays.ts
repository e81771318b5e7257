import { playsOfFold } from '../../corpus/splits/play-folds.ts';
import { isTitled } from '../../corpus/splits/split.ts';
import { DramatisError } from '../../errors.ts';
import { plays } from '../../hub/catalogue.ts';
import type { AdapterVersion } from '../../registry/version.ts';
import { type OpenedSource, openSource } from '../open-source.ts';
import type { Workspace } from '../workspace.ts';

/** Which plays are learned from, and which fold of four is held out whole. */
export interface LearnedPlays {
  /** Ids or files; all plays of the catalogue that are not held out unless given. */
  readonly plays?: readonly string[] | undefined;
  /** From 0; no play is held out unless given. */
  readonly heldOutFold?: number | undefined;
}

/**
 * Ids of the plays to learn from.
 *
 * @throws {DramatisError} USAGE for a play that is held out, by its name, one that comes twice, or none.
 */
export function learnedPlays({ plays: named, heldOutFold }: LearnedPlays): readonly string[] {
  const heldOut = heldOutFold === undefined ? [] : playsOfFold(heldOutFold);
  if (named === undefined)
    return plays()
      .map(({ id }) => id)
      .filter((id) => !heldOut.includes(id));
  if (named.length === 0) throw new DramatisError('USAGE', 'no plays were named');
  const again = named.find((id, i) => named.indexOf(id) < i);
  if (again !== undefined) throw new DramatisError('USAGE', `--plays has "${again}" twice`);
  const refused = named.find((id) => heldOut.includes(id));
  if (refused !== undefined) throw heldOutError(`--plays has "${refused}"`, heldOutFold!);
  return named;
}

/**
 * Opens plays to learn from.
 *
 * @param ids Of `learnedPlays`.
 * @throws {DramatisError} USAGE for a file of a play that is held out; what `openSource` throws.
 */
export async function openLearnedPlays(
  workspace: Workspace,
  ids: readonly string[],
  { heldOutFold, digests, signal }: OpeningOptions,
): Promise<OpenedSource[]> {
  const sources: OpenedSource[] = [];
  for (const play of ids) {
    const source = await openSource(workspace, { play, digests }, signal);
    if (heldOutFold !== undefined)
      requireNotHeldOut({ id: source.id, title: source.play.title }, heldOutFold);
    sources.push(source);
  }
  return sources;
}

interface OpeningOptions extends Pick<LearnedPlays, 'heldOutFold'> {
  /** Whether what happens in them is needed, too. */
  readonly digests?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Refuses a play that was given as a file and is a held-out one by its title.
 *
 * @throws {DramatisError} USAGE
 */
export function requireNotHeldOut(
  { id, title }: { readonly id: string; readonly title: string },
  heldOutFold: number,
): void {
  const known = playsOfFold(heldOutFold).find((heldOut) => isTitled(title, heldOut));
  if (known !== undefined) throw heldOutError(`${id} is ${known} by its title`, heldOutFold);
}

/**
 * Refuses to learn on top of a version that has seen a held-out play.
 *
 * @throws {DramatisError} ADAPTER_MISMATCH, naming the version and the play.
 */
export function requireUntouched(
  version: Pick<AdapterVersion, 'id' | 'play' | 'plays'>,
  heldOutFold: number,
): void {
  const heldOut = playsOfFold(heldOutFold);
  const seen = [version.play, ...(version.plays ?? [])].find((id) => heldOut.includes(id));
  if (seen === undefined) return;
  throw new DramatisError(
    'ADAPTER_MISMATCH',
    `${version.id} was trained on ${seen}, which fold ${heldOutFold} holds out`,
    { remedy: 'Give --on another version, or hold out another fold with --play-fold.' },
  );
}

function heldOutError(what: string, fold: number): DramatisError {
  return new DramatisError('USAGE', `${what}, which fold ${fold} holds out to be tested on`, {
    remedy: 'Leave it out of the plays, or hold out another fold with --play-fold.',
  });
}
