import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunFolder } from '../store/run-folder.ts';
import type { TrainingEvent } from './training.ts';

/** What a run's folder keeps of its events: what was measured, not how far it is. */
export type RecordedEvent = Extract<TrainingEvent, { kind: 'step' | 'dev' | 'end' }>;

/** A run of training: beside its events, `samples.json` with answers before and after, and checkpoints. */
export type TrainingRun = RunFolder<RecordedEvent>;

/** Where the two newest checkpoints are, until the run has ended well. */
export function checkpointsOf({ path }: Pick<TrainingRun, 'path'>): string {
  return join(path, 'checkpoints');
}

/** Keeps an event, if it is of a kind that is kept. */
export async function record({ events }: TrainingRun, event: TrainingEvent): Promise<void> {
  if (event.kind === 'step' || event.kind === 'dev' || event.kind === 'end') {
    await events.append(event);
  }
}

/** Says which version the run ended in, and drops what was kept to go on with. */
export async function finish(
  run: Pick<TrainingRun, 'path' | 'finish'>,
  version: unknown,
): Promise<void> {
  await run.finish(version);
  await rm(checkpointsOf(run), { recursive: true, force: true });
}
