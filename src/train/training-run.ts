import type { RunFolder } from '../store/run-folder.ts';
import type { TrainingEvent } from './training.ts';

/** What a run's folder keeps of its events: what was measured, not how far it is. */
export type RecordedEvent = Extract<TrainingEvent, { kind: 'step' | 'dev' | 'end' }>;

/** A run of training: beside its events, `samples.json` with answers before and after, and checkpoints. */
export type TrainingRun = RunFolder<RecordedEvent>;

/** Keeps an event, if it is of a kind that is kept. */
export async function record({ events }: TrainingRun, event: TrainingEvent): Promise<void> {
  if (event.kind === 'step' || event.kind === 'dev' || event.kind === 'end') {
    await events.append(event);
  }
}
