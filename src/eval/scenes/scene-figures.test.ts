import { describe, expect, it } from 'vitest';
import type { StageEvent } from '../../stage/events.ts';
import { stateOf } from '../../stage/state.ts';
import { lighthouse } from '../../testing/plays/lighthouse.ts';
import { openEvent } from '../../testing/stage-scene.ts';
import { measuredPlay, sceneFigures } from './scene-figures.ts';

const play = measuredPlay(lighthouse, new Set(['ADA', 'BEN']));
const cast = [
  { name: 'ADA', playedBy: 'model' },
  { name: 'BEN', playedBy: 'model' },
] as const;
const heard = ['ADA', 'BEN'];

function figuresOf(...events: readonly StageEvent[]) {
  const start = Date.parse('2026-01-01T12:00:00Z');
  const records = [{ ...openEvent, cast }, ...events].map((event, i) => ({
    ...event,
    n: i + 1,
    time: new Date(start + 1000 * i).toISOString(),
  }));
  return sceneFigures(stateOf(records), play);
}
const turn = (who: string, text: string, first = 100): StageEvent => ({
  ...{ kind: 'turn', playedBy: 'model', who, heard, text, ms: { first, all: 2 * first } },
});
const view = (who: string, tokens: number, reused: number): StageEvent => ({
  ...{ kind: 'view', who, hash: '', tokens, reused, dropped: 0, heard: [], recalled: [] },
});
const struck: StageEvent = {
  ...{ kind: 'struck', who: 'BEN', text: 'No.', tokens: [], seed: 1, guard: 'repeat', detail: '' },
};
const end = (reason: 'loop' | 'turns'): StageEvent => ({ kind: 'end', reason, figures: {} });

describe('sceneFigures', () => {
  it('counts what was said, struck and read, but for what the play opens with', () => {
    const figures = figuresOf(
      { ...turn('ADA', 'Is the lamp lit?'), playedBy: 'play' } as StageEvent,
      ...[view('BEN', 100, 0), turn('BEN', 'It is not.', 900)],
      ...[view('ADA', 120, 0), struck, turn('ADA', 'Why is it not?', 700)],
      ...[view('BEN', 200, 180), struck, turn('BEN', 'The oil is gone.', 50)],
      ...[view('ADA', 200, 200), turn('ADA', 'Who took the oil?', 70)],
      end('turns'),
    );
    expect(figures).toMatchObject({ turns: 4, ABA: 1, questions: 0.5, loop: 0, scene: 12 });
    expect(figures['struck per turn']).toBe(0.5);
    expect(figures.reused).toBe(0.95); // from the third on
    expect(figures['first token']).toBe(60);
    expect(figures).not.toHaveProperty('cue gain');
  });

  it('tells a scene that ended by loop, and gives no figure that nothing says', () => {
    const figures = figuresOf(end('loop'));
    expect(figures).toMatchObject({ loop: 1, turns: 0 });
    expect(Object.values(figures).every(Number.isFinite)).toBe(true);
    expect(figures).not.toHaveProperty('ABA');
    expect(figures).not.toHaveProperty('first token');
  });
});
