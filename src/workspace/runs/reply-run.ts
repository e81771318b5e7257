import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunFolder } from '../../store/run-folder.ts';
import type { SamplePair } from '../reinforce-replies.ts';
import type { RecordedLearning, ReplyConfig } from './prepare-replies.ts';

type EventOf<Kind extends RecordedLearning['kind']> = Extract<
  RecordedLearning,
  { readonly kind: Kind }
>;

/** A run of `reinforce replies` as its folder keeps it, over or not. */
export interface ReplyRun {
  /** Name of its folder. */
  readonly name: string;
  readonly config: ReplyConfig;
  /** By step, each once. */
  readonly steps: readonly EventOf<'step'>[];
  readonly looks: readonly EventOf<'look'>[];
  readonly replies: readonly EventOf<'replies'>[];
  /** Undefined while it is not over. */
  readonly end: EventOf<'end'> | undefined;
  /** Id of the version that it ended in. */
  readonly version: string | undefined;
  /** Before and after, at one seed; empty while it is not over. */
  readonly samples: readonly SamplePair[];
}

/**
 * Reads a run from its folder; undefined if it is a run of another command.
 *
 * @throws {DramatisError} FILE_MISSING if it is no folder of a run.
 */
export async function readReplyRun(path: string): Promise<ReplyRun | undefined> {
  const { name, config, events, result } = await RunFolder.read<RecordedLearning>(path);
  const { rewardVersion, character } = config as Partial<ReplyConfig>;
  if (rewardVersion === undefined || character === undefined) return undefined;
  const id = result?.id;
  const samples = await readFile(join(path, 'samples.json'), 'utf8').catch(() => '[]');
  const of = <Kind extends RecordedLearning['kind']>(kind: Kind): EventOf<Kind>[] =>
    events.filter((event): event is EventOf<Kind> => event.kind === kind);
  return {
    name,
    config: config as ReplyConfig,
    steps: byStep(of('step')),
    looks: byStep(of('look')),
    replies: byStep(of('replies')),
    end: result && of('end').at(-1),
    version: typeof id === 'string' ? id : undefined,
    samples: JSON.parse(samples) as SamplePair[],
  };
}

/** Events by their steps; of a step that was taken again, the last. */
function byStep<E extends { readonly step: number }>(events: readonly E[]): readonly E[] {
  const last = new Map(events.map((event) => [event.step, event]));
  return [...last.values()].sort((a, b) => a.step - b.step);
}
