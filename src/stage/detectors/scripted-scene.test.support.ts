import type { AlarmAction, AlarmEvent, OpenEvent, PlayedBy, StageEvent } from '../events.ts';
import { advance, emptyState, type StageState } from '../state.ts';
import { type DetectorTools, detect } from './detect.ts';

/** One line of a script: who says what; no words for a silence, after a draft that a guard struck. */
export interface ScriptLine {
  readonly who: string;
  readonly text?: string;
  readonly playedBy?: PlayedBy;
  /** Drafts that were struck before. */
  readonly struck?: readonly { readonly text: string; readonly guard: string }[];
  /** Who hears it; everybody in the cast, unless given. */
  readonly present?: readonly string[];
}

/** What became of a script. */
export interface Played {
  readonly state: StageState;
  /** How many lines were played. */
  readonly turns: number;
  readonly alarms: readonly AlarmEvent[];
  /** Why it ended; undefined if all lines were played. */
  readonly end: string | undefined;
}

const opening = (thresholds: OpenEvent['thresholds'], cast: readonly string[]): OpenEvent => ({
  kind: 'open',
  format: 'dramatis.stage',
  version: 1,
  id: 'a',
  program: '0',
  play: { id: 'a', title: 'A', hash: 'a' },
  seed: 1,
  model: { name: 'a', hash: 'a' },
  engine: {},
  form: 'script',
  template: '1',
  cast: cast.map((name) => ({ name, playedBy: 'script' })),
  steer: [],
  director: { policy: 'script', isAddressing: false },
  thresholds,
  limits: {},
});

/** The limits of Hamlet and Macbeth, as data/stage-thresholds.json has them. */
const usualLimits = {
  repeat: 1,
  opening: 2,
  echo: 1,
  cycle: 0.586,
  lock: 10,
  farewell: 1,
  voice: -0.317,
  stall: 1,
};

/** Plays a script as the loop of a stage does: each alarm is written down, exits are carried out, and the first end ends it. */
export function playScript(
  lines: readonly ScriptLine[],
  tools: DetectorTools = {},
  limits: OpenEvent['thresholds'] = usualLimits,
): Played {
  const cast = [...new Set(lines.flatMap(({ who, present = [] }) => [who, ...present]))].sort();
  let state = emptyState;
  const record = (event: StageEvent): void => {
    state = advance(state, { ...event, n: state.n + 1, time: '2026-11-30T00:00:00Z' });
  };
  record(opening(limits, cast));
  record({ kind: 'enter', who: cast, by: 'situation' });
  const alarms: AlarmEvent[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.present) setPresent(state, line.present, record);
    for (const event of eventsOf(line, state)) record(event);
    const raised = detect(state, tools);
    for (const { event, action } of raised) {
      record(event);
      for (const after of eventsAfter(action, state)) record(after);
    }
    alarms.push(...raised.map(({ event }) => event));
    const end = raised.flatMap(({ action }) => endOf(action) ?? [])[0];
    if (end !== undefined) return { state, turns: i + 1, alarms, end };
  }
  return { state, turns: lines.length, alarms, end: undefined };
}

function eventsOf(
  { who, text, struck = [], playedBy = 'model' }: ScriptLine,
  { onStage }: StageState,
): StageEvent[] {
  const chosen = { candidates: [who], probabilities: [1], chosen: who } as const;
  return [
    { kind: 'next', ...chosen, by: 'script' },
    ...struck.map((draft) => ({
      ...{ kind: 'struck' as const, who, tokens: [], seed: 1, detail: '' },
      ...draft,
    })),
    ...(text === undefined ? [] : [{ kind: 'turn' as const, who, playedBy, heard: onStage, text }]),
  ];
}

function eventsAfter(action: AlarmAction, { onStage }: StageState): StageEvent[] {
  if (action.do === 'exit') return [{ kind: 'exit', who: [action.who], by: 'detector' }];
  if (action.do !== 'note') return [];
  return [{ kind: 'note', text: action.text, by: 'detector', heard: onStage }];
}

function endOf(action: AlarmAction): string | undefined {
  if (action.do === 'end') return action.reason;
  return action.do === 'pause' ? action.detail : undefined;
}

function setPresent(
  { onStage }: StageState,
  present: readonly string[],
  record: (event: StageEvent) => void,
): void {
  const gone = onStage.filter((name) => !present.includes(name));
  const come = present.filter((name) => !onStage.includes(name));
  if (gone.length > 0) record({ kind: 'exit', who: gone, by: 'play' });
  if (come.length > 0) record({ kind: 'enter', who: come, by: 'play' });
}
