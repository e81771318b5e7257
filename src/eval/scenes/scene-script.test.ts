import { describe, expect, it } from 'vitest';
import type { StageEvent } from '../../stage/events.ts';
import { stateOf } from '../../stage/state.ts';
import { openEvent, spoken } from '../../testing/stage-scene.ts';
import { scriptOfScene, scriptOfTurns } from './scene-script.ts';

const view = (who: string, ...places: (string | undefined)[]): StageEvent => ({
  ...{ kind: 'view', who, hash: '', tokens: 9, reused: 0, dropped: 0, heard: [] },
  recalled: places.map((place) => ({ place, text: 'The lamp burned.' })),
});
const stateAfter = (...events: StageEvent[]) =>
  stateOf([openEvent, ...events].map((event, i) => ({ ...event, n: i + 1, time: '' })));

describe('scriptOfScene', () => {
  it('has who spoke, how many words, and what the speaker was shown from memory', () => {
    const [one, two, three] = spoken('One lamp.', 'Two lamps, and a third.', 'Then all is well.');
    const state = stateAfter(view('MARTA', '1.1.4', undefined), one!, two!, view('MARTA'), three!);
    expect(scriptOfScene(state)).toEqual([
      { who: 'MARTA', words: 2, recalled: ['1.1.4', ''] },
      { who: 'OLD HUGO', words: 5 },
      { who: 'MARTA', words: 4 },
    ]);
  });

  it('leaves out what the play opened the scene with, and what was taken back', () => {
    const [opening, one, two] = spoken('Who goes there?', 'A friend.', 'Come up.');
    const state = stateAfter(
      { ...opening!, playedBy: 'play' } as StageEvent,
      ...[view('OLD HUGO', '1.1.4'), one!, view('MARTA', '1.1.9'), two!],
      { kind: 'undo', to: 4 },
    );
    expect(scriptOfScene(state)).toEqual([{ who: 'OLD HUGO', words: 2, recalled: ['1.1.4'] }]);
  });
});

describe('scriptOfTurns', () => {
  it('has the turns of a play, which nothing was recalled for', () => {
    const turns = [{ speaker: 'ADA', text: 'The lamp, Ben!' }];
    expect(scriptOfTurns(turns)).toEqual([{ who: 'ADA', words: 3 }]);
  });
});
