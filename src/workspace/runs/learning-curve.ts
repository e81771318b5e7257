import { readFile } from 'node:fs/promises';
import { DramatisError } from '../../errors.ts';
import { unreadable } from '../../store/disk.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import type { RecordedEvent } from '../../train/training-run.ts';
import { commit, version } from '../program.ts';
import type { RecordedReinforcing } from './prepare-choice.ts';
import type { RecordedLearning } from './prepare-replies.ts';

/** A value after so many steps. */
export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

/** How a training went, step by step. Nothing in it depends on the clock. */
export interface LearningCurve {
  readonly format: 'dramatis-curve';
  readonly formatVersion: 1;
  readonly versions: { readonly dramatis: string; readonly commit: string };
  /** Loss in nats a token that is to become likelier, or the expected reward, of which more is better. */
  readonly measure: 'loss' | 'reward';
  /** What is learned, each step before it is taken. */
  readonly learned: readonly CurvePoint[];
  /** What is never learned, at each look: rows of the dev scenes, or shadow questions. */
  readonly heldOut: readonly CurvePoint[];
  /** How many rows or questions each look asks. */
  readonly asked: number;
  /** The step that was kept; null if nothing was looked at, and the last one was. */
  readonly kept: number | null;
  /** Why it ended: all steps were done, looks got no better, time was over, or a rule of the rewards said so. */
  readonly end: 'done' | 'early' | 'time' | 'rule';
}

type CurveEvent = RecordedEvent | RecordedReinforcing | RecordedLearning;

/**
 * The curve of a run that has ended, by the events that its folder keeps. What was recorded after the point that a run went
 * on from is there twice: the last counts.
 */
export function curveOf(events: readonly CurveEvent[], asked: number): LearningCurve {
  const [learned, heldOut] = [new Map<number, number>(), new Map<number, number>()];
  let [isReward, kept, end]: [boolean, number | null, LearningCurve['end']] = [false, null, 'done'];
  for (const event of events)
    switch (event.kind) {
      case 'step': {
        isReward = !('loss' in event);
        const value = 'loss' in event ? event.loss : rewardOf(event);
        if (value !== null) learned.set(event.step, value);
        break;
      }
      case 'dev':
        heldOut.set(event.step, event.nll);
        break;
      case 'look':
        heldOut.set(event.step, rewardOf(event));
        break;
      case 'end':
        [kept, end] = [event.best?.step ?? null, event.why];
    }
  return {
    ...{ format: 'dramatis-curve', formatVersion: 1 },
    versions: { dramatis: version(), commit: commit() },
    measure: isReward ? 'reward' : 'loss',
    ...{ learned: pointsOf(learned), heldOut: pointsOf(heldOut), asked, kept, end },
  };
}

const rewardOf = (
  event: { readonly reward: number } | { readonly figures: Readonly<Record<string, number>> },
): number => ('reward' in event ? event.reward : event.figures.reward!);

const pointsOf = (values: ReadonlyMap<number, number>): CurvePoint[] =>
  Array.from(values, ([step, value]) => ({ step, value })).sort((a, b) => a.step - b.step);

/** Writes a curve to a file of the user's, where one is named. @throws {DramatisError} STORE_UNWRITABLE */
export async function writeCurve(
  path: string | undefined,
  curve: () => Promise<LearningCurve>,
): Promise<void> {
  if (path !== undefined) await writeAtomic(path, `${JSON.stringify(await curve())}\n`);
}

/** Reads what `writeCurve` wrote. @throws {DramatisError} RESULTS_MISMATCH if it is something else. */
export async function readCurve(path: string): Promise<LearningCurve> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const found = parsed(text);
  if (found?.format === 'dramatis-curve' && found.formatVersion === 1)
    return found as LearningCurve;
  throw new DramatisError('RESULTS_MISMATCH', `${path} is not a curve that "--curve" writes`);
}

function parsed(text: string): Partial<LearningCurve> | undefined {
  try {
    return JSON.parse(text) as Partial<LearningCurve>;
  } catch {
    return undefined;
  }
}
