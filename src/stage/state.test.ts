import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { words } from '../play/words.ts';
import { openEvent } from '../testing/stage-scene.ts';
import type { Recorded, StageEvent } from './events.ts';
import { advance, advanceAll, emptyState, type StageState, stateOf } from './state.ts';

const numbered = (events: readonly StageEvent[]): Recorded[] =>
  events.map((event, i) => ({ n: i + 1, time: `t${i + 1}`, ...event }));

const names = ['MARTA', 'OLD HUGO', 'BEN'];
const name = fc.constantFrom(...names);
const by = fc.constant('human' as const);
const text = fc.constantFrom('Aye.', 'The light is out. Who was it?', '', 'No, no; no!');
const number = fc.integer({ min: 0, max: 30 });
const one = <K extends string>(kind: K) => fc.constant(kind);

const event: fc.Arbitrary<StageEvent> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: one('enter'), who: fc.array(name), by }) },
  { weight: 1, arbitrary: fc.record({ kind: one('exit'), who: fc.array(name), by }) },
  {
    weight: 6,
    arbitrary: fc.record({
      ...{ kind: one('turn'), who: name, heard: fc.array(name), text },
      playedBy: fc.constantFrom('model' as const, 'human' as const, 'play' as const),
      tokens: fc.array(fc.nat(9), { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: one('edit'), of: number, text }) },
  { weight: 1, arbitrary: fc.record({ kind: one('undo'), to: number }) },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ kind: one('struck'), who: name, text, tokens: fc.constant([]), seed: number },
      ...{ guard: fc.constant('echo'), detail: text },
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ kind: one('alarm'), detector: fc.constant('repeat'), value: number, limit: number },
      ...{ action: text, forgotten: fc.array(text, { maxLength: 2 }) },
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ kind: one('next'), candidates: fc.constant(names), probabilities: fc.constant([1]) },
      ...{ chosen: name, by: fc.constant('random' as const) },
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: one('ask'), who: name }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('pause' as const, 'resume' as const), by }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ kind: one('lever'), name: text, from: number, to: number, by },
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ kind: one('end'), reason: fc.constant('turns' as const), figures: fc.constant({}) },
    }),
  },
);
const scenes = fc.array(event, { maxLength: 30 }).map((events) => numbered([openEvent, ...events]));

/** Numbers of the events that count, found by looking at each event for an undo after it that takes it back. */
function counting(records: readonly Recorded[]): Recorded[] {
  return records.filter(
    ({ n, kind }) =>
      kind === 'open' ||
      (kind !== 'undo' &&
        !records.some((later) => later.kind === 'undo' && later.n > n && n > later.to)),
  );
}

const of = <K extends StageEvent['kind']>(records: readonly Recorded[], kind: K) =>
  records.filter((record): record is Recorded & { kind: K } => record.kind === kind);

/** What a state ought to be, each part worked out by itself from all events. */
function expected(records: readonly Recorded[]): Partial<StageState> {
  const live = counting(records);
  const turns = of(live, 'turn').map((turn) => {
    const edit = of(live, 'edit').findLast((one) => one.of === turn.n && one.n > turn.n);
    if (!edit) return turn;
    const { tokens: _, ...kept } = turn;
    return { ...kept, text: edit.text, isEdited: true as const };
  });
  const own = of(live, 'turn').filter(({ playedBy }) => playedBy !== 'play');
  const wordsOf = (who: string) =>
    turns
      .filter((turn) => turn.who === who && turn.playedBy !== 'play')
      .reduce((sum, turn) => sum + words(turn.text).length, 0);
  const turnsOf = (who: string) => own.filter((turn) => turn.who === who).length;
  const struck = of(live, 'struck');
  const modelTurns = own.filter(({ playedBy }) => playedBy === 'model').length;
  const alarms = of(live, 'alarm');
  const isHere = (who: string): boolean =>
    live.findLast((one) => (one.kind === 'enter' || one.kind === 'exit') && one.who.includes(who))
      ?.kind === 'enter';
  return {
    n: records.length,
    onStage: names.filter(isHere).sort(),
    turns,
    struck,
    alarms,
    forgotten: [...new Set(alarms.flatMap(({ forgotten }) => forgotten ?? []))],
    choice: of(live, 'next').at(-1),
    isPaused: live.findLast(({ kind }) => kind === 'pause' || kind === 'resume')?.kind === 'pause',
    levers: Object.fromEntries(of(live, 'lever').map((lever) => [lever.name, lever.to])),
    figures: {
      turns: own.length,
      words: names.reduce((sum, who) => sum + wordsOf(who), 0),
      tokens: own.reduce((sum, { tokens }) => sum + (tokens?.length ?? 0), 0),
      modelTurns,
      struck: struck.length,
      struckShare: struck.length === 0 ? 0 : struck.length / (struck.length + modelTurns),
      alarms: alarms.length,
      shares: Object.fromEntries(
        names
          .filter((who) => turnsOf(who) > 0)
          .map((who) => [who, { turns: turnsOf(who), words: wordsOf(who) }]),
      ),
    },
    counting: live,
  };
}

describe('advance', () => {
  it('is what each part of the state is worked out to be by itself, for any events', () => {
    fc.assert(
      fc.property(scenes, (records) => {
        expect(stateOf(records)).toMatchObject(expected(records));
      }),
      { numRuns: 1000 },
    );
  });

  it('makes an undone scene equal to one in which nothing happened after, but for its number', () => {
    fc.assert(
      fc.property(scenes, number, fc.array(event, { maxLength: 5 }), (records, to, more) => {
        const undo = { kind: 'undo', to, n: records.length + 1, time: '' } as const;
        const undone = advance(stateOf(records), undo);
        // A fork copies what came before; undos among the copied events have done their part there.
        const fork = stateOf(counting([...records, undo]));
        expect(undone).toEqual({ ...fork, n: records.length + 1 });
        const after = numbered([...records, undo, ...more]).slice(records.length + 1);
        expect({ ...after.reduce(advance, undone), counting: [] }).toEqual({
          ...stateOf([...records, undo, ...after]),
          counting: [],
        });
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing that it is given', () => {
    fc.assert(
      fc.property(scenes, (records) => {
        const before = JSON.stringify(records);
        let state = emptyState;
        for (const record of records) {
          const was = JSON.stringify(state);
          const next = advance(state, record);
          expect(JSON.stringify(state)).toBe(was);
          state = next;
        }
        expect(JSON.stringify(records)).toBe(before);
      }),
      { numRuns: 50 },
    );
  });

  it('comes to the same from any state for many events at once, and changes none that it is given', () => {
    fc.assert(
      fc.property(scenes, fc.nat(30), (records, cut) => {
        const before = stateOf(records.slice(0, cut));
        const was = JSON.stringify(before);
        const after = advanceAll(before, records.slice(cut));
        expect(JSON.stringify(before)).toBe(was);
        expect(after).toEqual(records.reduce(advance, emptyState));
      }),
      { numRuns: 300 },
    );
  });

  it('goes on over an event of a newer Dramatis, and waits for whom it asked', () => {
    const lightning: Recorded = JSON.parse('{"n": 2, "time": "", "kind": "lightning"}');
    const state = advance(stateOf(numbered([openEvent])), lightning);
    expect(state).toMatchObject({ n: 2, cast: ['MARTA', 'OLD HUGO'] });
    const asked = advance(state, { n: 3, time: '', kind: 'ask', who: 'MARTA' });
    expect(asked.asked).toBe('MARTA');
    const turn = { kind: 'turn', playedBy: 'human', heard: [], text: 'Here.' } as const;
    expect(advance(asked, { n: 4, time: '', ...turn, who: 'BEN' }).asked).toBe('MARTA');
    expect(advance(asked, { n: 4, time: '', ...turn, who: 'MARTA' }).asked).toBeUndefined();
  });

  it('goes on after an end if the scene is resumed', () => {
    const end: StageEvent = { kind: 'end', reason: 'turns', figures: {} };
    expect(stateOf(numbered([openEvent, end])).end).toMatchObject({ reason: 'turns' });
    expect(
      stateOf(numbered([openEvent, end, { kind: 'resume', by: 'human' }])).end,
    ).toBeUndefined();
    expect(stateOf(numbered([openEvent, end, { kind: 'undo', to: 1 }])).end).toBeUndefined();
  });

  it('takes a thousand turns in little time', () => {
    const turn = { kind: 'turn', who: 'MARTA', playedBy: 'model', heard: names, text: 'Aye.' };
    const records = numbered([
      openEvent,
      ...Array.from({ length: 6000 }, () => turn as StageEvent),
    ]);
    expect(stateOf(records).figures.turns).toBe(6000);
  });
});

describe('The state and the views of a scene', () => {
  const source = fileURLToPath(new URL('..', import.meta.url));

  /** Files that a program reaches from one, types left out; what is no file of ours by its name. */
  function reached(file: string, found = new Set<string>()): Set<string> {
    if (found.has(file)) return found;
    found.add(file);
    const code = readFileSync(join(source, file), 'utf8').replace(/import type [^;]*;/g, '');
    for (const [, names, from] of code.matchAll(/import \{([^}]*)\} from '([^']+)';/g)) {
      if (names!.split(',').every((name) => /^\s*(type\s|$)/.test(name))) continue;
      if (from!.startsWith('.'))
        reached(relative(source, join(source, dirname(file), from!)), found);
      else found.add(from!);
    }
    return found;
  }

  it.each(['stage/state.ts', 'stage/view.ts'])('%s loads in a browser', (file) => {
    const all = [...reached(file)];
    expect(all.length).toBeGreaterThan(1);
    expect(all.filter((one) => !one.endsWith('.ts'))).toEqual([]);
  });
});
