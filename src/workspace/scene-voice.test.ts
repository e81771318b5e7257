import { describe, expect, it } from 'vitest';
import type { StageEvent } from '../stage/events.ts';
import { stateOf } from '../stage/state.ts';
import { lantern } from '../testing/plays/lantern.ts';
import { openEvent } from '../testing/stage-scene.ts';
import { sceneVoices } from './scene-voice.ts';

const turn = (who: string, text: string): StageEvent => ({
  ...{ kind: 'turn', who, playedBy: 'model', heard: [], text },
});
const sceneOf = (...turns: readonly StageEvent[]) =>
  stateOf([openEvent, ...turns].map((event, i) => ({ n: i + 1, time: '', ...event })));

describe('sceneVoices', () => {
  it('is high while somebody has their own words, and low once they have those of another', () => {
    const own = 'The lantern is mine to keep.';
    const [marta, ...others] = sceneVoices(
      sceneOf(
        ...[turn('MARTA', own), turn('OLD HUGO', 'So I say.'), turn('MARTA', own)],
        ...[turn('OLD HUGO', 'No.'), turn('MARTA', 'The tide comes in and goes out again.')],
        turn('BRUNO', own),
      ),
      lantern,
    );
    expect(others).toEqual([]); // they say too little
    expect(marta?.name).toBe('MARTA');
    const [first, second, last] = marta!.thirds;
    expect(first).toBeGreaterThan(0.5);
    expect(second).toBeCloseTo(first!, 10);
    expect(last).toBeLessThan(0);
  });

  it('has nothing for a third in which they are silent, nor for what the play says', () => {
    const three = [turn('MARTA', 'No.'), turn('MARTA', 'No.'), turn('MARTA', 'No.')];
    const rest = Array.from({ length: 6 }, () => turn('OLD HUGO', 'So they say.'));
    const [marta] = sceneVoices(sceneOf(...three, ...rest), lantern);
    expect(marta?.thirds.slice(1)).toEqual([null, null]);
    const played = three.map((event) => ({ ...event, playedBy: 'play' }) as StageEvent);
    expect(sceneVoices(sceneOf(...played), lantern)).toEqual([]);
  });
});
