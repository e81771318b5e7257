import { describe, expect, it } from 'vitest';
import { saltRoad } from '../testing/plays/salt-road.ts';
import { openEvent } from '../testing/stage-scene.ts';
import { choicesAgain } from './choose-again.ts';
import { type DirectorOptions, directorOf } from './director.ts';
import { directorContext, type Leanings } from './director-context.ts';
import type { Policy, Recorded, StageEvent } from './events.ts';
import { derive } from './replay.ts';
import { stateOf } from './state.ts';

const names = ['IVO', 'MAGDA', 'OSWIN', 'PETRA'];
/** Magda is to be heard. */
const leanings: Leanings = { nudges: new Map([['MAGDA', 1]]) };
const scorer: DirectorOptions['scorer'] = async (_, candidates) =>
  candidates.map((name) => name.length / 7);

/** A scene of twelve turns in which people come and go, let a turn pass and are named by a person. */
async function playedBy(policy: Policy): Promise<Recorded[]> {
  const director = directorOf(policy, { play: saltRoad, scorer, isAddressing: true });
  const records: Recorded[] = [];
  const add = (event: StageEvent): void => {
    records.push({ n: records.length + 1, time: '2026-01-01T00:00:00Z', ...event });
  };
  const choose = async (named?: string): Promise<string> => {
    const context = directorContext(stateOf(records), { ...leanings, named });
    const choice = await director.next(context);
    if (choice.kind !== 'next') throw new Error(`the scene ended: ${choice.kind}`);
    add(choice);
    return choice.chosen;
  };
  add({ ...openEvent, seed: 11, director: { policy, isAddressing: true } });
  add({ kind: 'enter', who: names.slice(1), by: 'situation' });
  for (let turn = 0; turn < 12; turn++) {
    if (turn === 4) add({ kind: 'enter', who: ['IVO'], by: 'director' });
    if (turn === 7) add({ kind: 'exit', who: ['OSWIN'], by: 'director' });
    let who = await choose(turn === 9 ? 'MAGDA' : undefined);
    if (turn === 5) {
      const draft = { text: '', tokens: [], seed: 1, guard: 'empty', detail: 'no words' };
      add({ kind: 'struck', who, ...draft });
      who = await choose();
    }
    const text = turn % 2 === 0 ? 'Is it the river, Petra?' : 'It is.';
    add({ kind: 'turn', who, playedBy: 'model', heard: stateOf(records).onStage, text });
  }
  return records;
}

describe('The choices of a scene', () => {
  const choose = choicesAgain(saltRoad, () => leanings);

  it.each(['turn-model', 'silence', 'model', 'random', 'round-robin', 'aba'] as const)(
    'are made again to the byte, and without a model, under policy %s',
    async (policy) => {
      const read = JSON.parse(JSON.stringify(await playedBy(policy))) as Recorded[];
      const { checked, difference } = await derive(read, { choose });
      expect(difference).toBeUndefined();
      expect(checked.next).toBeGreaterThanOrEqual(13 * 5);
    },
  );

  it('are not the same of other words, or with another nudge', async () => {
    const records = await playedBy('turn-model');
    const changed = records.map((record) =>
      record.kind === 'turn' && record.text === 'It is.' ? { ...record, text: 'Oswin!' } : record,
    );
    expect((await derive(changed, { choose })).difference).toMatchObject({ what: 'features' });
    const unmoved = choicesAgain(saltRoad, () => ({}));
    expect((await derive(records, { choose: unmoved })).difference).toMatchObject({
      what: 'scores',
    });
  });

  it('pass over who let the turn pass, and know who has just come on', async () => {
    const records = await playedBy('turn-model');
    const struck = records.findIndex(({ kind }) => kind === 'struck');
    const { resting } = directorContext(stateOf(records.slice(0, struck + 1)));
    expect(resting).toEqual([(records[struck] as { who?: string }).who]);
    expect(directorContext(stateOf(records.slice(0, struck + 3))).resting).toEqual([]);
    const entered = records.findIndex((one) => one.kind === 'enter' && one.who[0] === 'IVO');
    const context = directorContext(stateOf(records.slice(0, entered + 1)));
    expect(Object.fromEntries(context.entered)).toEqual({ IVO: 4, MAGDA: 0, OSWIN: 0, PETRA: 0 });
  });
});
