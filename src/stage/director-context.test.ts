import { describe, expect, it } from 'vitest';
import { saltRoad } from '../testing/plays/salt-road.ts';
import { openEvent } from '../testing/stage-scene.ts';
import { directorOf } from './director.ts';
import { directorContext, rechosenBy } from './director-context.ts';
import type { Policy, Recorded, StageEvent } from './events.ts';
import { derive } from './replay.ts';
import { advance, emptyState, type StageState, stateOf } from './state.ts';

const names = ['IVO', 'MAGDA', 'OSWIN', 'PETRA'];

/** A scene as a stage plays it, in which everybody says the same two things. */
class Scene {
  readonly records: Recorded[] = [];
  state: StageState = emptyState;

  add(event: StageEvent): void {
    const record: Recorded = { n: this.records.length + 1, time: '', ...event };
    this.records.push(record);
    this.state = advance(this.state, record);
  }

  async play(policy: Policy, turns: number): Promise<void> {
    const director = directorOf(policy, { play: saltRoad });
    for (let i = 0; i < turns; i++) {
      const choice = await director.next(directorContext(this.state));
      if (choice.kind !== 'next') return;
      this.add(choice);
      const who = choice.chosen;
      this.add({ kind: 'view', who, ...unseen, heard: [] });
      const text = i % 2 ? 'Nine sacks.' : 'What is it, Oswin?';
      this.add({ kind: 'turn', who, playedBy: 'model', heard: this.state.onStage, text });
    }
  }
}
const unseen = { hash: '', tokens: 1, reused: 0, dropped: 0, recalled: [] };

async function played(policy: Policy): Promise<Scene> {
  const scene = new Scene();
  scene.add({ ...openEvent, seed: 11 });
  scene.add({ kind: 'enter', who: names.slice(0, 3), by: 'situation' });
  await scene.play(policy, 5);
  scene.add({ kind: 'enter', who: ['PETRA'], by: 'director' });
  scene.add({ kind: 'exit', who: ['IVO'], by: 'director' });
  await scene.play(policy, 5);
  scene.add({ kind: 'undo', to: 12 });
  await scene.play(policy, 5);
  return scene;
}

describe('directorContext', () => {
  it('says what was said, who came on when, and which choice it is', async () => {
    const { state } = await played('turn-model');
    const context = directorContext(state, { named: 'PETRA' });
    expect(context).toMatchObject({ seed: 11, named: 'PETRA', onStage: names.slice(0, 3) });
    // One choice is left of the part that was undone, without the turn that it led to.
    expect([context.turns.length, context.turn]).toEqual([8, 9]);
    const before = directorContext(stateOf((await played('aba')).records.slice(0, 19)));
    expect(before.onStage).toEqual(['MAGDA', 'OSWIN', 'PETRA']);
    expect([...before.entered]).toEqual([['PETRA', 5]]);
  });
});

describe('Somebody who lets a turn pass', () => {
  const chosenOf = ({ records }: Scene): string => {
    const last = records.findLast(({ kind }) => kind === 'next');
    return last?.kind === 'next' ? last.chosen : '';
  };
  const passing = async (...events: ((who: string) => StageEvent)[]): Promise<Scene> => {
    const scene = new Scene();
    scene.add({ ...openEvent, seed: 11 });
    scene.add({ kind: 'enter', who: names, by: 'situation' });
    const director = directorOf('turn-model', { play: saltRoad });
    const choice = await director.next(directorContext(scene.state));
    if (choice.kind === 'next') scene.add(choice);
    for (const event of events) scene.add(event(chosenOf(scene)));
    return scene;
  };
  const struck = (who: string): StageEvent => ({
    ...{ kind: 'struck', who, text: '', tokens: [], seed: 1, guard: 'empty', detail: '' },
  });

  it.each<[string, (who: string) => StageEvent]>([
    ['is struck out', struck],
    ['is asked in vain', (who) => ({ kind: 'ask', who })],
  ])('and %s rests until somebody has spoken', async (_, event) => {
    const scene = await passing(event);
    const passed = chosenOf(scene);
    expect(directorContext(scene.state, { resting: ['ANN'] }).resting).toEqual(
      ['ANN', passed].sort(),
    );
    scene.add({ kind: 'turn', who: 'IVO', playedBy: 'human', heard: names, text: 'I am here.' });
    expect(directorContext(scene.state).resting).toEqual([]);
  });

  it('has not done so while nothing was drafted', async () => {
    expect(directorContext((await passing()).state).resting).toEqual([]);
  });
});

describe('rechosenBy', () => {
  it.each<Policy>(['turn-model', 'random', 'round-robin', 'aba', 'silence'])(
    'works out every choice of %s again, to the last bit, over entrances and an undo',
    async (policy) => {
      const { records } = await played(policy);
      const choose = rechosenBy(directorOf(policy, { play: saltRoad }), () => ({}));
      const { checked, difference } = await derive(
        records.map((record) => JSON.parse(JSON.stringify(record))),
        { choose },
      );
      expect(difference).toBeUndefined();
      expect(checked.next).toBeGreaterThan(40);
    },
  );

  it('finds a choice that was changed, and one that another turn would have led to', async () => {
    const { records } = await played('turn-model');
    const choose = rechosenBy(directorOf('turn-model', { play: saltRoad }), () => ({}));
    const changed = (n: number, change: object) =>
      derive(
        records.map((record): Recorded => (record.n === n ? { ...record, ...change } : record)),
        { choose },
      );
    const { difference } = await changed(9, { drawn: 0.999_999 });
    expect(difference).toMatchObject({ n: 9, kind: 'next', what: 'drawn' });
    expect((await changed(5, { text: 'Petra! Magda!' })).difference).toMatchObject({ n: 6 });
    expect((await changed(1, { seed: 12 })).difference).toMatchObject({ n: 3, what: 'drawn' });
  });

  it('goes by the policy that was set in mid-scene, and by the one before where that is taken back', async () => {
    const scene = new Scene();
    scene.add({ ...openEvent, seed: 11 });
    scene.add({ kind: 'enter', who: names, by: 'situation' });
    await scene.play('round-robin', 3);
    const before = scene.state.n;
    const set = { kind: 'lever', name: 'policy', from: 'round-robin', to: 'aba' } as const;
    scene.add({ ...set, by: 'human' });
    await scene.play('round-robin', 4);
    const by = (from: number): unknown[] =>
      scene.records.flatMap((record) =>
        record.kind === 'next' && record.n > from ? [record.by] : [],
      );
    expect(by(before)).toEqual(['aba', 'aba', 'aba', 'aba']);
    const choose = rechosenBy(directorOf('round-robin', { play: saltRoad }), () => ({}));
    expect(await derive(scene.records, { choose })).toMatchObject({ difference: undefined });
    const { n } = scene.state;
    scene.add({ kind: 'undo', to: before });
    await scene.play('round-robin', 2);
    expect(by(n)).toEqual(['round-robin', 'round-robin']);
    expect(await derive(scene.records, { choose })).toMatchObject({ difference: undefined });
  });

  it('takes what a person chose as chosen', async () => {
    const scene = new Scene();
    scene.add(openEvent);
    scene.add({ kind: 'enter', who: names, by: 'situation' });
    const director = directorOf('random', { play: saltRoad });
    const choice = await director.next(directorContext(scene.state, { named: 'OSWIN' }));
    if (choice.kind === 'next') scene.add(choice);
    const choose = rechosenBy(director, () => ({}));
    expect(await derive(scene.records, { choose })).toMatchObject({ difference: undefined });
    expect(scene.records[2]).toMatchObject({ by: 'human', chosen: 'OSWIN' });
  });
});
