import { DramatisError } from '../../errors.ts';
import type { Look } from '../../reinforce/reinforcing.ts';
import type { Folders } from '../../store/folders.ts';
import { RunFolder } from '../../store/run-folder.ts';
import { type ChoiceConfig, choiceRuns, type RecordedReinforcing } from './prepare-choice.ts';

type EventOf<Kind extends RecordedReinforcing['kind']> = Extract<
  RecordedReinforcing,
  { readonly kind: Kind }
>;

/** A run of `reinforce choice` as its folder keeps it, over or not. */
export interface ChoiceRun {
  /** Name of its folder. */
  readonly name: string;
  readonly config: ChoiceConfig;
  readonly env: Readonly<Record<string, unknown>>;
  /** By step, each once. */
  readonly steps: readonly EventOf<'step'>[];
  readonly looks: readonly EventOf<'look'>[];
  /** Undefined while it is not over. */
  readonly end: EventOf<'end'> | undefined;
  /** Id of the version that it ended in. */
  readonly version: string | undefined;
}

/**
 * Reads a run from its folder.
 *
 * @throws {DramatisError} FILE_MISSING if it is no folder of a run; RESULTS_MISMATCH if it is a run of another command.
 */
export async function readChoiceRun(path: string): Promise<ChoiceRun> {
  const { name, config, env, events, result } = await RunFolder.read<RecordedReinforcing>(path);
  const { recipe, tasks, plays } = config as Partial<ChoiceConfig>;
  if (!(recipe?.control && tasks && plays))
    throw new DramatisError(
      'RESULTS_MISMATCH',
      `${path} is no run of "dramatis reinforce choice"`,
      {
        remedy: 'Give the folder that such a run named at its end, or none for the newest.',
      },
    );
  const id = result?.id;
  return {
    name,
    config: config as ChoiceConfig,
    env,
    steps: byStep(events.filter((event) => event.kind === 'step')),
    looks: byStep(events.filter((event) => event.kind === 'look')),
    end: result && events.filter((event) => event.kind === 'end').at(-1),
    version: typeof id === 'string' ? id : undefined,
  };
}

/**
 * The folder of the newest run of either kind.
 *
 * @throws {DramatisError} FILE_MISSING if there is none.
 */
export async function newestReinforcedRun(folders: Pick<Folders, 'runs'>): Promise<string> {
  const parent = choiceRuns(folders);
  const [newest] = await RunFolder.under(parent);
  if (newest !== undefined) return newest;
  throw new DramatisError('FILE_MISSING', `there is no run in ${parent}`, {
    remedy: 'Run "dramatis reinforce" first.',
  });
}

/** What a look at a step said, if there was one. */
export function lookAt({ looks }: Pick<ChoiceRun, 'looks'>, step: number | undefined) {
  const found = looks.find((look) => look.step === step);
  if (!found) return undefined;
  const { kind: _, isBest: __, ...look } = found;
  return look satisfies Look;
}

/** Events by their steps; of a step that was taken again, the last. */
function byStep<E extends { readonly step: number }>(events: readonly E[]): readonly E[] {
  const last = new Map(events.map((event) => [event.step, event]));
  return [...last.values()].sort((a, b) => a.step - b.step);
}
