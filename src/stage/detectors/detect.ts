import type { AlarmAction, AlarmEvent, Recorded } from '../events.ts';
import type { StageState } from '../state.ts';
import { attemptsOf } from './attempts.ts';
import { cycle } from './cycle.ts';
import type { Detector, Reading, SceneSoFar } from './detector.ts';
import { echo } from './echo.ts';
import { farewell } from './farewell.ts';
import { lock } from './lock.ts';
import { opening } from './opening.ts';
import { repeat } from './repeat.ts';
import { stall } from './stall.ts';
import { voice } from './voice.ts';

/** Every detector, in the order in which they look. */
const detectors: readonly Detector[] = [repeat, opening, echo, cycle, lock, farewell, voice, stall];

/** What detectors need beside the events of a scene. */
export interface DetectorTools extends Pick<SceneSoFar, 'vectorOf' | 'voiceOf' | 'directions'> {}

/** An alarm to be written down, and what the loop is to do about it. */
export interface Alarm {
  readonly event: AlarmEvent;
  readonly action: AlarmAction;
}

/**
 * The alarms after the last turn or silence of a scene, by the limits that its first event has. It is to be called once after
 * each of them; what it says depends on nothing but the events and the tools.
 */
export function detect(state: StageState, tools: DetectorTools = {}): readonly Alarm[] {
  const limits = state.open?.thresholds ?? {};
  const scene: SceneSoFar = {
    ...tools,
    directions: unseen(state, tools.directions),
    attempts: attemptsOf(state),
    onStage: state.onStage,
  };
  // Turns of the play that a scene opens with are nobody's fault.
  if ((scene.attempts.at(-1)?.playedBy ?? 'play') === 'play') return [];
  const alarms = detectors.flatMap((detector) => {
    const limit = limits[detector.name];
    return limit === undefined ? [] : alarmOf(detector, limit, scene, state.alarms);
  });
  const end = alarms.findIndex(({ action }) => action.do === 'end');
  return end === -1 ? alarms : alarms.slice(0, end + 1);
}

function alarmOf(
  detector: Detector,
  limit: number,
  scene: SceneSoFar,
  alarms: readonly Recorded<AlarmEvent>[],
): readonly Alarm[] {
  const reading = detector.read(scene);
  if (!reading) return [];
  const { value, who, detail } = reading;
  if (detector.isBelow ? value >= limit : value <= limit) return [];
  const before = alarmsBefore(detector, reading, scene, alarms);
  if (before === 'quiet') return [];
  const action = detector.act(scene, reading, before);
  const event: AlarmEvent = {
    kind: 'alarm',
    detector: detector.name,
    who,
    value,
    limit,
    action: inWords(action),
    does: action,
    detail,
    forgotten: action.do === 'forget' ? action.sentences : undefined,
  };
  return [{ event, action }];
}

/** Alarms longer ago are no steps of a ladder any more. */
const ladderTurns = 16;

/** How many alarms of a detector count as steps of its ladder; or that it is still quiet after the last one. */
function alarmsBefore(
  { name, isPersonal, quietTurns = 0 }: Detector,
  { who }: Reading,
  scene: SceneSoFar,
  alarms: readonly Recorded<AlarmEvent>[],
): number | 'quiet' {
  const own = alarms.filter((one) => one.detector === name && (!isPersonal || one.who === who));
  const last = own.at(-1)?.n ?? 0;
  const turnsSince = scene.attempts.filter(({ n }) => n > last).length;
  if (own.length > 0 && turnsSince <= quietTurns) return 'quiet';
  const since = isPersonal ? 0 : (scene.attempts.at(-ladderTurns)?.n ?? 0);
  return own.filter(({ n }) => n > since).length;
}

function unseen(state: StageState, directions: readonly string[] = []): readonly string[] {
  const shown = new Set(
    state.counting.flatMap((event) => (event.kind === 'note' ? [event.text] : [])),
  );
  return directions.filter((text) => !shown.has(text));
}

function inWords(action: AlarmAction): string {
  switch (action.do) {
    case 'forget':
      return 'sentences leave all views';
    case 'note':
      return `direction "${action.text}"`;
    case 'rest':
      return `${action.who} rests for ${action.turns === 1 ? 'a turn' : `${action.turns} turns`}`;
    case 'nudge':
      return `${action.who} +${action.logits} logit`;
    case 'temperature':
      return `temperature +${action.by} for ${action.turns} turns`;
    case 'drafts':
      return `${action.who} speaks the best of ${action.count} drafts`;
    case 'exit':
      return `${action.who} leaves`;
    case 'pause':
      return 'pause';
    case 'end':
      return `end: ${action.reason}`;
    case 'report':
      return 'none';
  }
}
