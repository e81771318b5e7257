import { describe, expect, it } from 'vitest';
import { openEvent } from '../testing/stage-scene.ts';
import type { AlarmEvent, NextEvent, Recorded, StageEvent } from './events.ts';
import { type Derivation, derive, show } from './replay.ts';
import { stateOf } from './state.ts';
import { prefixHash } from './transcript.ts';

const both = ['MARTA', 'OLD HUGO'];
const next = (chosen: string, drawn: number): NextEvent => ({
  ...{ kind: 'next', candidates: both, probabilities: [0.4, 0.6], drawn, chosen, by: 'random' },
});
const turn = (who: string, text: string, more: object = {}): StageEvent => ({
  ...{ kind: 'turn', who, playedBy: 'model', heard: both, text, ...more },
});
const view = (who: string, heard: readonly number[]): StageEvent => ({
  ...{ kind: 'view', who, hash: `${heard}`, tokens: 9, reused: 0, dropped: 0, heard, recalled: [] },
});
const alarm: AlarmEvent = {
  ...{ kind: 'alarm', detector: 'repeat', who: 'MARTA', value: 5, limit: 4, action: 'struck' },
};

const events: readonly StageEvent[] = [
  openEvent,
  { kind: 'enter', who: both, by: 'situation' },
  turn('MARTA', 'From the play.', { playedBy: 'play', heard: ['MARTA'] }),
  next('OLD HUGO', 0.7),
  view('OLD HUGO', [2]),
  turn('OLD HUGO', 'Who is there?'),
  next('MARTA', 0.1),
  view('MARTA', [3, 6]),
  turn('MARTA', 'Hush.', { isAside: true, heard: ['MARTA'] }),
  alarm,
  { kind: 'end', reason: 'loop', figures: { turns: 2, words: 4, seconds: 9 } },
];
const scene = (changed: Readonly<Record<number, object>> = {}): Recorded[] =>
  events.map((event, i): Recorded => {
    const time = new Date(i * 20).toISOString();
    return { n: i + 1, time, ...event, ...changed[i + 1] };
  });

const derivation: Derivation = {
  choose: async (_, { drawn = 0 }) => next(drawn < 0.4 ? 'MARTA' : 'OLD HUGO', drawn),
  prompt: (_, { heard }) => ({ hash: `${heard}`, tokens: 9 }),
  detect: ({ turns }) => (turns.at(-1)?.text === 'Hush.' ? [alarm] : []),
};

describe('show', () => {
  it('gives every event with the pauses between them, so many times as fast', async () => {
    const records = scene();
    const timed = async (speed: number): Promise<number> => {
      const start = performance.now();
      const seen: Recorded[] = [];
      for await (const record of show(records, { speed })) seen.push(record);
      expect(seen).toEqual(records);
      return performance.now() - start;
    };
    // Timers are late rather than early, so only the least time is certain.
    expect(await timed(1)).toBeGreaterThan(180);
    expect(await timed(4)).toBeGreaterThan(40);
    const nightLater = scene({ 3: { time: '2026-02-01T00:00:00Z' } });
    let count = 0;
    for await (const _ of show(nightLater, { speed: Number.POSITIVE_INFINITY })) count++;
    expect(count).toBe(events.length);
  });

  it('stops with the reason of its signal in the middle of a pause', async () => {
    const stop = new AbortController();
    const showing = show(scene({ 2: { time: '2026-02-01T00:00:00Z' } }), { signal: stop.signal });
    await showing.next();
    const pausing = showing.next();
    stop.abort(new Error('enough'));
    await expect(pausing).rejects.toThrow('enough');
  });
});

describe('derive', () => {
  it('finds that a scene is what comes of its own texts and draws', async () => {
    const { checked, difference } = await derive(scene(), derivation);
    expect(difference).toBeUndefined();
    expect(checked).toMatchObject({ next: 14, view: 8, turn: 8, end: 3 });
    expect((await derive(scene())).difference).toBeUndefined();
  });

  it.each([
    ['who was chosen', { 4: { chosen: 'MARTA' } }, { n: 4, what: 'chosen' }],
    ['the draw', { 7: { drawn: 0.9 } }, { n: 7, what: 'chosen', derived: '"OLD HUGO"' }],
    ['a probability', { 7: { probabilities: [0.4, 0.60000000000000009] } }, { n: 7 }],
    ['what was heard', { 8: { heard: [2, 6] } }, { n: 8, what: 'heard', derived: '[3,6]' }],
    ['the prompt', { 5: { hash: 'x' } }, { n: 5, what: 'hash', recorded: '"x"' }],
    ['who heard it', { 6: { heard: ['OLD HUGO'] } }, { n: 6, what: 'heard' }],
    ['who spoke', { 9: { who: 'OLD HUGO', heard: ['OLD HUGO'] } }, { n: 9, what: 'who' }],
    ['an alarm', { 10: { value: 6 } }, { n: 9, what: 'alarm 1' }],
    ['no alarm', { 9: { text: 'Hush!' } }, { n: 9, what: 'alarm 1', derived: '' }],
    ['an alarm too few', { 6: { text: 'Hush.' } }, { n: 6, what: 'alarm 1', recorded: '' }],
    ['a figure', { 11: { figures: { turns: 3 } } }, { n: 11, what: 'figures.turns' }],
  ])('names the first event that is not, and what in it: %s', async (_, changed, expected) => {
    const { difference } = await derive(scene(changed), derivation);
    expect(difference).toMatchObject(expected);
  });

  it('names an event that is missing, and a parent that was changed', async () => {
    const lost = scene().filter(({ n }) => n !== 6);
    expect((await derive(lost)).difference).toMatchObject({ n: 7, what: 'n', derived: '6' });
    const parent = { id: 'fedcba', n: 3, hash: prefixHash(scene(), 3) };
    const fork = scene({ 1: { parent } });
    expect((await derive(fork, { parent: scene() })).difference).toBeUndefined();
    const changed = scene({ 3: { text: 'Otherwise.' } });
    const { difference } = await derive(fork, { parent: changed });
    expect(difference).toMatchObject({ n: 1, what: 'parent.hash' });
  });

  it('looks for alarms after a silence, and not at those of detectors that need a model', async () => {
    const struck: StageEvent = {
      ...{ kind: 'struck', who: 'MARTA', text: 'Hush. Hush.', tokens: [], seed: 1, guard: 'echo' },
      detail: '',
    };
    const silent = [...scene().slice(0, 8), { ...struck, n: 9, time: '' }] as Recorded[];
    const detect: Derivation['detect'] = ({ struck }) => (struck.length > 0 ? [alarm] : []);
    const following = (...events: readonly StageEvent[]): Recorded[] => [
      ...silent,
      ...events.map((event, i): Recorded => ({ n: 10 + i, time: '', ...event })),
    ];
    const end: StageEvent = { kind: 'end', reason: 'stalled', figures: {} };
    expect((await derive(following(alarm, end), { detect })).difference).toBeUndefined();
    const lost = await derive(following(end), { detect });
    expect(lost.difference).toMatchObject({ n: 9, kind: 'struck', what: 'alarm 1', recorded: '' });
    const unchecked = ['repeat'];
    expect((await derive(following(end), { detect, unchecked })).difference).toBeUndefined();
  });

  it('compares what a model has measured to three digits: the last ones are the machine’s', async () => {
    const detect: Derivation['detect'] = ({ turns }) =>
      turns.at(-1)?.text === 'Hush.' ? [{ ...alarm, value: 5.000_04 }] : [];
    const exact = await derive(scene(), { detect });
    expect(exact.difference).toMatchObject({ what: 'alarm 1' });
    const measured = [alarm.detector];
    expect((await derive(scene(), { detect, measured })).difference).toBeUndefined();
    const other: Derivation['detect'] = (state) =>
      detect(state).map((one) => ({ ...one, value: 5.01 }));
    const { difference } = await derive(scene(), { detect: other, measured });
    expect(difference).toMatchObject({ what: 'alarm 1' });
  });

  it('holds over an undo', async () => {
    const undone = [...scene().slice(0, 6), { n: 7, time: '', kind: 'undo', to: 3 } as const];
    const more = [next('OLD HUGO', 0.7), view('OLD HUGO', [2]), turn('OLD HUGO', 'Ho!')];
    const all = [
      ...undone,
      ...more.map((event, i): Recorded => ({ n: 8 + i, time: '', ...event })),
    ];
    expect((await derive(all, derivation)).difference).toBeUndefined();
    expect(stateOf(all).turns.map(({ text }) => text)).toEqual(['From the play.', 'Ho!']);
  });
});
