import type { Values } from '../../measure/row.ts';
import { median } from '../../median.ts';
import type { Play } from '../../play/play.ts';
import { properNames } from '../../play/proper-names.ts';
import { guardedPlay } from '../../stage/guards/guarded-play.ts';
import type { StageState } from '../../stage/state.ts';
import { playVoices, type VoiceJudge } from '../play-voices.ts';
import {
  type ConversationFacts,
  type MeasuredTurn,
  turnMeasures,
  turnMetrics,
} from '../turn-measures.ts';
import { turnOrder } from '../turn-order.ts';

/** What a scene is measured in, by name, with its unit; in the order of reports. */
export const sceneMeasures = {
  ...(Object.fromEntries(turnMetrics.map(({ name, unit }) => [name, unit])) as Record<
    string,
    string
  >),
  voice: 'share',
  'cue gain': 'nats a byte',
  surprise: 'nats a byte',
  consistency: 'cosine',
  progression: 'distance',
  step: 'distance',
  turns: 'turns',
  loop: 'share',
  'struck per turn': 'drafts',
  'alarms per turn': 'alarms',
  reused: 'share',
  'first token': 'ms',
  scene: 's',
} as const satisfies Readonly<Record<string, string>>;

/** Turns from which on what was read before is of use: at the first ones each has everything to read. */
const settled = 2;

/** What is known of a play, to measure scenes of it. */
export interface MeasuredPlay extends Omit<ConversationFacts, 'speakers' | 'scene'> {
  readonly voiceOf: VoiceJudge;
}

/** @param speakers Cast names of all who speak in the scenes to be measured. */
export function measuredPlay(play: Play, speakers: ReadonlySet<string>): MeasuredPlay {
  return {
    names: properNames(play),
    order: turnOrder(play),
    guarded: guardedPlay(play),
    voiceOf: playVoices(play, speakers),
  };
}

/**
 * The figures of a scene that was played on a stage, by the names of `sceneMeasures`: of what was said on it, not of what the
 * play opened it with. One that cannot be told is missing.
 */
export function sceneFigures(state: StageState, play: MeasuredPlay): Values {
  const speakers = state.cast;
  const said = state.turns.filter(({ playedBy }) => playedBy !== 'play');
  const turns = said.map(({ who, text }): MeasuredTurn => {
    const turn = { speaker: who, text };
    return { ...turn, voice: play.voiceOf(turn, speakers) };
  });
  const views = state.counting.flatMap((event) => (event.kind === 'view' ? [event] : []));
  const late = views.slice(settled);
  const total = (of: (view: (typeof views)[number]) => number): number =>
    late.reduce((sum, view) => sum + of(view), 0);
  return known({
    ...conversationFigures(turns, { ...play, speakers, scene: '' }),
    loop: Number(state.end?.reason === 'loop'),
    'struck per turn': state.struck.length / said.length,
    'alarms per turn': state.alarms.length / said.length,
    reused: total(({ reused }) => reused) / total(({ tokens }) => tokens),
    'first token': median(said.slice(settled).flatMap(({ ms }) => (ms ? [ms.first] : []))),
    scene: secondsOf(state),
  });
}

/** The figures of a conversation that do not ask how it came about. */
export function conversationFigures(
  turns: readonly MeasuredTurn[],
  facts: ConversationFacts,
): Values {
  const item = { id: '', task: '', scene: '', place: '' };
  const row = { item, answers: [], values: turnMeasures(turns, facts) };
  const voices = turns.flatMap(({ voice }) => voice ?? []);
  return known({
    ...Object.fromEntries(
      turnMetrics.map(({ name, of }) => [name, of ? of([row]) : row.values[name]!]),
    ),
    voice: voices.reduce((sum, voice) => sum + voice, 0) / voices.length,
    turns: turns.length,
  });
}

const known = (figures: Values): Values =>
  Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)));

/** From the first event to the last one. */
function secondsOf({ counting }: StageState): number {
  const [first, last] = [counting[0], counting.at(-1)];
  return first && last ? (Date.parse(last.time) - Date.parse(first.time)) / 1000 : Number.NaN;
}
