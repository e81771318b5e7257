import { setTimeout as sleep } from 'node:timers/promises';
import type { AlarmEvent, NextEvent, Recorded, StageEvent, ViewEvent } from './events.ts';
import { advance, emptyState, type StageState } from './state.ts';
import { prefixHash } from './transcript.ts';
import { audience, viewOf } from './view.ts';

/** Longest wait between two events, in milliseconds: a scene may have been paused over night. */
const longestWaitMs = 5_000;

export interface ShowOptions {
  /** How many times as fast as it was recorded; Infinity does not wait at all. Default: 1. */
  readonly speed?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The events of a scene again, with the pauses that were between them. No model has a part in it. */
export async function* show(
  records: readonly Recorded[],
  { speed = 1, signal }: ShowOptions = {},
): AsyncGenerator<Recorded> {
  let before = Number.NaN;
  for (const record of records) {
    signal?.throwIfAborted();
    const now = Date.parse(record.time);
    const waitMs = Math.min(longestWaitMs, now - before) / speed;
    if (waitMs >= 1)
      await sleep(waitMs, undefined, { signal }).catch((error: unknown) => {
        throw signal?.aborted ? signal.reason : error;
      });
    before = now;
    yield record;
  }
}

/**
 * What is worked out again when a scene is checked, by functions that know no model and no clock. What is left out is not
 * checked; undefined means that it cannot be worked out, as a person's choice.
 */
export interface Derivation {
  /** The choice that is made of a scene as it stands. */
  choose?(state: StageState, recorded: Recorded<NextEvent>): Promise<NextEvent | undefined>;
  /** Hash and length of the prompt that a view comes to. */
  prompt?(state: StageState, recorded: Recorded<ViewEvent>): PromptFacts | undefined;
  /** What the detectors find right after a turn or a silence, in order. */
  detect?(state: StageState): readonly AlarmEvent[];
  /** Detectors that need a model that is not here: their alarms are not compared. */
  readonly unchecked?: readonly string[] | undefined;
  /** Detectors whose values a model has measured: machines agree in three digits, and not in the last. */
  readonly measured?: readonly string[] | undefined;
  /** Events of the scene that it was forked from. */
  readonly parent?: readonly Recorded[] | undefined;
}

type PromptFacts = Pick<ViewEvent, 'hash' | 'tokens'>;

/** The first event that is not what is worked out from those before it. */
export interface Difference {
  readonly n: number;
  readonly kind: StageEvent['kind'];
  /** What differs, such as "probabilities". */
  readonly what: string;
  /** Both as JSON; empty for what is not there. */
  readonly recorded: string;
  readonly derived: string;
}

/** What came of a check. */
export interface Derived {
  /** Facts that were worked out again, by kind of event. */
  readonly checked: Readonly<Record<string, number>>;
  /** Undefined if everything agrees. */
  readonly difference: Difference | undefined;
}

/** Works a scene out again from its own texts and draws, and compares each fact with what was recorded, to the byte. */
export async function derive(
  records: readonly Recorded[],
  derivation: Derivation = {},
): Promise<Derived> {
  const checked: Record<string, number> = {};
  let state = emptyState;
  for (const [at, record] of records.entries()) {
    for (const fact of await factsOf(record, state, { derivation, later: records.slice(at) })) {
      checked[record.kind] = (checked[record.kind] ?? 0) + 1;
      const [recorded, derived] = [asJson(fact.recorded), asJson(fact.derived)];
      if (recorded === derived) continue;
      const { n, kind } = record;
      return { checked, difference: { n, kind, what: fact.what, recorded, derived } };
    }
    state = advance(state, record);
  }
  return { checked, difference: undefined };
}

interface Fact {
  readonly what: string;
  readonly recorded: unknown;
  readonly derived: unknown;
}

/** JSON with the names of every object in one order; empty for what is not there. */
function asJson(value: unknown): string {
  const sorted = (_: string, part: unknown): unknown =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  return value === undefined ? '' : JSON.stringify(value, sorted);
}

interface Circumstances {
  readonly derivation: Derivation;
  /** The record and all after it. */
  readonly later: readonly Recorded[];
}

/** @param state The scene before the record. */
async function factsOf(
  record: Recorded,
  state: StageState,
  { derivation, later }: Circumstances,
): Promise<readonly Fact[]> {
  const number = { what: 'n', recorded: record.n, derived: state.n + 1 };
  const more = async (): Promise<readonly Fact[]> => {
    switch (record.kind) {
      case 'open':
        return parentFacts(record, derivation.parent);
      case 'next':
        return choiceFacts(record, await derivation.choose?.(state, record));
      case 'view':
        return [...viewFacts(record, state), ...promptFacts(record, state, derivation)];
      case 'turn':
        return [...turnFacts(record, state), ...alarmFacts(later, state, derivation)];
      case 'struck':
        return isSilent(later) ? alarmFacts(later, state, derivation) : [];
      case 'end':
        return endFacts(record, state);
      default:
        return [];
    }
  };
  return [number, ...(await more())];
}

function parentFacts(
  { parent }: Recorded & { readonly kind: 'open' },
  records: Derivation['parent'],
): Fact[] {
  if (!parent || !records) return [];
  const derived = prefixHash(records, parent.n);
  return [{ what: 'parent.hash', recorded: parent.hash, derived }];
}

function choiceFacts(recorded: Recorded<NextEvent>, derived: NextEvent | undefined): Fact[] {
  if (!derived) return [];
  const { n: _, time: __, ...event } = recorded;
  const names = [
    ...new Set([...Object.keys(event), ...Object.keys(derived)]),
  ] as (keyof NextEvent)[];
  return names.map((what) => ({ what, recorded: event[what], derived: derived[what] }));
}

/** The newest events that were heard: what did not fit into the prompt was left out at the front. */
function viewFacts({ who, heard }: Recorded<ViewEvent>, state: StageState): Fact[] {
  const { shown } = viewOf(state, who);
  return [{ what: 'heard', recorded: heard, derived: shown.slice(shown.length - heard.length) }];
}

function promptFacts(
  record: Recorded<ViewEvent>,
  state: StageState,
  { prompt }: Derivation,
): Fact[] {
  const facts = prompt?.(state, record);
  if (!facts) return [];
  return (['tokens', 'hash'] as const).map((what) => ({
    ...{ what, recorded: record[what], derived: facts[what] },
  }));
}

function turnFacts(turn: Recorded & { readonly kind: 'turn' }, state: StageState): Fact[] {
  if (turn.playedBy === 'play') return []; // who heard it there is the play's to say
  const heard = turn.isAside ? [turn.who] : audience(state, turn.who);
  const facts = [{ what: 'heard', recorded: [...turn.heard].sort(), derived: heard }];
  const { choice } = state;
  if (turn.playedBy !== 'model' || !choice) return facts;
  return [...facts, { what: 'who', recorded: turn.who, derived: choice.chosen }];
}

/** What may follow a turn before the next one is prepared, as detectors act. */
const aftermath = new Set(['alarm', 'lever', 'note', 'exit', 'enter', 'tell']);

/** Whether a struck draft was the last of somebody who then stayed silent. */
function isSilent([, ...later]: readonly Recorded[]): boolean {
  const next = later.find(({ kind }) => !aftermath.has(kind));
  return next?.kind === 'next' || next?.kind === 'end' || next?.kind === 'pause';
}

/** @param records A turn or the last draft of a silence, and what followed it. */
function alarmFacts(
  [last, ...later]: readonly Recorded[],
  state: StageState,
  { detect, unchecked = [], measured = [] }: Derivation,
): Fact[] {
  if (!detect || !last) return [];
  const next = later.findIndex(({ kind }) => !aftermath.has(kind));
  const recorded = later
    .slice(0, next < 0 ? later.length : next)
    .flatMap((record) => (record.kind === 'alarm' ? [record] : []))
    .map(({ n: _, time: __, ...alarm }) => alarm);
  const compared = (alarms: readonly AlarmEvent[]): readonly AlarmEvent[] =>
    alarms
      .filter(({ detector }) => !unchecked.includes(detector))
      .map((alarm) =>
        measured.includes(alarm.detector)
          ? { ...alarm, value: Number(alarm.value.toFixed(3)) }
          : alarm,
      );
  const [then, now] = [compared(recorded), compared(detect(advance(state, last)))];
  return Array.from({ length: Math.max(then.length, now.length) }, (_, i) => ({
    ...{ what: `alarm ${i + 1}`, recorded: then[i], derived: now[i] },
  }));
}

/** Figures that the state has too, under the same name. */
function endFacts({ figures }: Recorded & { readonly kind: 'end' }, state: StageState): Fact[] {
  const known = new Map<string, unknown>(Object.entries(state.figures));
  return Object.entries(figures)
    .filter(([name]) => known.has(name))
    .map(([name, recorded]) => ({ what: `figures.${name}`, recorded, derived: known.get(name) }));
}
