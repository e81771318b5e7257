import { describe, expect, it } from 'vitest';
import type { Recorded, StageEvent } from '../../stage/events.ts';
import { stateOf } from '../../stage/state.ts';
import { openEvent, spoken } from '../../testing/stage-scene.ts';
import { inspect } from './inspect.ts';
import { knownTo, linesOf, spokenLine } from './lines.ts';

const both = ['MARTA', 'OLD HUGO'];
const events: readonly StageEvent[] = [
  openEvent,
  { kind: 'enter', who: both, by: 'situation' },
  {
    ...{ kind: 'next', candidates: both, probabilities: [0.75, 0.25], chosen: 'MARTA' },
    by: 'turn-model',
  },
  {
    kind: 'view',
    who: 'MARTA',
    hash: 'f'.repeat(64),
    tokens: 90,
    reused: 60,
    dropped: 0,
    heard: [2],
    recalled: [],
  },
  {
    kind: 'struck',
    who: 'MARTA',
    text: 'A lamp.',
    tokens: [1],
    seed: 3,
    guard: 'repeat',
    detail: 'again',
  },
  ...spoken('A ship.'),
  { kind: 'alarm', detector: 'echo', value: 0.7, limit: 0.6, action: 'note' },
  { kind: 'tell', to: 'OLD HUGO', text: '[She lies.]', by: 'human' },
  {
    kind: 'turn',
    who: 'OLD HUGO',
    playedBy: 'human',
    heard: ['OLD HUGO'],
    isAside: true,
    text: 'So?',
  },
];
const records = events.map(
  (event, i): Recorded => ({ n: i + 1, time: '2026-01-01T00:00:00Z', ...event }),
);
const state = stateOf(records);

describe('linesOf', () => {
  it('has directions and turns in their order, with what was struck before and raised after', () => {
    const lines = linesOf(state).map((line) =>
      line.kind === 'turn'
        ? [line.n, line.turn.text, line.struck, line.alarms.map(({ detector }) => detector)]
        : [line.n, line.text],
    );
    expect(lines).toEqual([
      [2, 'Enter Marta and Old Hugo.'],
      [6, 'A ship.', 1, ['echo']],
      [8, 'She lies.'],
      [9, 'So?', 0, []],
    ]);
  });

  it('leaves out what was taken back, and has the words that stand', () => {
    const more: StageEvent[] = [
      { kind: 'undo', to: 7 },
      { kind: 'edit', of: 6, text: 'No ship.' },
    ];
    const edited = more.map((event, i): Recorded => ({ n: 10 + i, time: '', ...event }));
    const texts = linesOf(stateOf([...records, ...edited])).map(spokenLine);
    expect(texts).toEqual(['Enter Marta and Old Hugo.', 'Marta: No ship.']);
  });
});

describe('spokenLine', () => {
  it('says who speaks and how', () => {
    expect(linesOf(state).map(spokenLine)).toEqual([
      'Enter Marta and Old Hugo.',
      'Marta: A ship.',
      'To Old Hugo alone: She lies.',
      'Old Hugo, aside: So?',
    ]);
  });
});

describe('knownTo', () => {
  it('has what somebody heard, saw or was told alone', () => {
    expect([...knownTo(state, 'MARTA')]).toEqual([2, 6]);
    expect([...knownTo(state, 'OLD HUGO')]).toEqual([2, 6, 8, 9]);
  });
});

describe('inspect', () => {
  it('gathers how a turn came about, and nothing of the turn before', () => {
    const first = inspect(records, state.turns, 6);
    expect(first).toMatchObject({
      number: 1,
      next: { n: 3 },
      view: { n: 4 },
      seen: [{ n: 2, text: 'Enter Marta and Old Hugo.' }],
      struck: [{ n: 5 }],
      alarms: [{ n: 7 }],
    });
    expect(inspect(records, state.turns, 9)).toMatchObject({
      ...{ number: 2, next: undefined, view: undefined, seen: [], struck: [], alarms: [] },
    });
    expect(inspect(records, state.turns, 2)).toBeUndefined();
  });
});
