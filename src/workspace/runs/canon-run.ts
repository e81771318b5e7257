import { heldOutWhole, playsOfFold } from '../../corpus/splits/play-folds.ts';
import { splitHash } from '../../corpus/splits/split-hash.ts';
import { DramatisError } from '../../errors.ts';
import type { CanonPlay } from '../../eval/canon/canon-results.ts';
import type { RunHead } from '../../eval/run/assemble.ts';
import { splits } from '../../eval/run/run-size.ts';
import type { Task } from '../../eval/task.ts';
import { tasksNamed } from '../../eval/tasks/all.ts';
import { plays } from '../../hub/catalogue.ts';
import { sha256Of } from '../../store/sha256.ts';
import { openRegistry } from '../open-registry.ts';
import { type OpenedSource, openSource } from '../open-source.ts';
import { type LoadedSubject, openLoadedSubject } from '../open-subject.ts';
import type { Workspace } from '../workspace.ts';
import { type BenchmarkOptions, headOf, leversOf } from './benchmark-run.ts';

/** Which plays, and what is asked of each. */
export interface CanonOptions
  extends Omit<
    BenchmarkOptions,
    'play' | 'character' | 'questions' | 'folds' | 'ablate' | 'alone' | 'digests'
  > {
  /** Ids or files of plays; those of the catalogue unless given. */
  readonly plays?: readonly string[] | undefined;
  /** One fold of the catalogue's plays, 0 to 3; all folds unless given. */
  readonly playFold?: number | undefined;
}

/** A run over several plays with its subject, which is disposed of with it. */
export interface CanonRun extends Disposable {
  readonly tasks: readonly Task[];
  readonly sources: readonly OpenedSource[];
  readonly subject: LoadedSubject;
  readonly plays: readonly CanonPlay[];
  readonly head: RunHead;
  readonly limit: number | undefined;
}

/**
 * Ids of the plays of a run over several.
 *
 * @throws {DramatisError} USAGE for one that comes twice, or plays and a fold at once.
 */
export function canonIds({ plays: named, playFold }: CanonOptions): readonly string[] {
  if (named === undefined)
    return playFold === undefined ? plays().map(({ id }) => id) : playsOfFold(playFold);
  if (playFold !== undefined)
    throw new DramatisError('USAGE', '--play-fold names the plays: --plays does not go with it');
  const again = named.find((id, i) => named.indexOf(id) < i);
  if (again !== undefined) throw new DramatisError('USAGE', `--plays has "${again}" twice`);
  return named;
}

/**
 * Opens the plays and the one subject that is asked about all of them. With every scene asked about, the plays are taken
 * to be new to the model: it is shown nothing of them beside the page.
 *
 * @throws {DramatisError} USAGE; ADAPTER_MISMATCH for an adapter that was trained on one of them; what opening throws.
 */
export async function openCanonRun(
  workspace: Workspace,
  options: CanonOptions,
  signal: AbortSignal,
): Promise<CanonRun> {
  const tasks = tasksNamed(options.tasks ?? []);
  const ids = canonIds(options);
  const { split = splits[0], adapter } = options;
  const sources: OpenedSource[] = [];
  for (const play of ids) {
    const source = await openSource(workspace, { play }, signal);
    sources.push(split === 'all' ? { ...source, split: heldOutWhole(source.split) } : source);
  }
  if (split === 'all')
    await requireUnseen(
      workspace,
      sources.map(({ id }) => id),
      adapter,
    );
  const [first] = sources;
  if (!first) throw new DramatisError('USAGE', 'no plays were named');
  const subject = await openLoadedSubject(workspace, {
    ...options,
    adapterScale: options.adapterScale ?? 1,
    levers: leversOf(options, tasks),
    whom: { play: first.id, character: null },
    recallsTrain: !tasks.every(({ isOfMemory }) => isOfMemory),
    signal,
  });
  const asked = sources.map((source) => ({
    id: source.id,
    title: source.play.title,
    sha256: source.sha256,
    splitSha256: splitHash(source.play, source.split),
  }));
  const limit = options.limit ?? undefined;
  const one = headOf(workspace, { ...options, split, limit }, { source: first, subject });
  const head: RunHead = {
    ...one,
    play: {
      id: asked.map(({ id }) => id).join(','),
      title: `${asked.length} plays`,
      sha256: sha256Of(asked.map(({ sha256 }) => sha256)),
    },
    splitSha256: sha256Of(asked.map(({ splitSha256 }) => splitSha256)),
  };
  const dispose = (): void => subject[Symbol.dispose]();
  return { tasks, sources, subject, plays: asked, head, limit, [Symbol.dispose]: dispose };
}

/** Refuses by name a play that is asked about whole though the adapter, or one under it, has learnt from it. */
async function requireUnseen(
  workspace: Workspace,
  ids: readonly string[],
  adapter: string | undefined,
): Promise<void> {
  if (adapter === undefined || !/^[0-9a-f]{1,64}$/i.test(adapter)) return;
  const registry = openRegistry(workspace);
  for (let at: string | undefined = adapter; at !== undefined; ) {
    const { id, play, plays = [], on } = await registry.get(at);
    const seen = [play, ...plays].find((one) => ids.includes(one));
    if (seen !== undefined)
      throw new DramatisError(
        'ADAPTER_MISMATCH',
        `${id} was trained on ${seen}, which is asked about whole`,
        { remedy: `Leave ${seen} out of the plays, or ask about --split holdout.` },
      );
    at = on;
  }
}
