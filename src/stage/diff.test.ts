import { describe, expect, it } from 'vitest';
import { openEvent, spoken } from '../testing/stage-scene.ts';
import { diffScenes } from './diff.ts';
import type { Recorded, StageEvent } from './events.ts';
import { stateOf } from './state.ts';

const scene = (...events: readonly StageEvent[]) =>
  stateOf(events.map((event, i): Recorded => ({ n: i + 1, time: `${i}`, ...event })));

describe('diffScenes', () => {
  it('finds the first turn that is not the same, and goes to the end of the longer scene', () => {
    const a = scene(openEvent, ...spoken('Who?', 'I.', 'Since when?'));
    const b = scene(openEvent, { kind: 'pause', by: 'human' }, ...spoken('Who?', 'Not I.'));
    const { turns, first, settings } = diffScenes(a, b);
    expect(turns.map(({ isSame }) => isSame)).toEqual([true, false, false]);
    expect(first).toBe(1);
    expect([turns[1]?.a?.text, turns[1]?.b?.text, turns[2]?.b]).toEqual([
      'I.',
      'Not I.',
      undefined,
    ]);
    expect(settings).toEqual([]);
    expect(diffScenes(a, a).first).toBe(-1);
  });

  it('takes other listeners for another turn', () => {
    const [turn] = spoken('Who?') as [StageEvent & { readonly kind: 'turn' }];
    const aside = { ...turn, heard: ['MARTA'], isAside: true } as const;
    expect(diffScenes(scene(openEvent, turn), scene(openEvent, aside)).first).toBe(0);
  });

  it('names the settings that differ, and not what every scene has of its own', () => {
    const director = { policy: 'random', isAddressing: false } as const;
    const parent = { id: 'fedcba', n: 3, hash: '' };
    const other = { ...openEvent, id: '123456', seed: 8, situation: 'Night.', director, parent };
    expect(diffScenes(scene(openEvent), scene(other)).settings).toEqual([
      { name: 'seed', a: '7', b: '8' },
      { name: 'director.policy', a: '"turn-model"', b: '"random"' },
      { name: 'situation', a: '', b: '"Night."' },
    ]);
    expect(diffScenes(scene(), scene()).turns).toEqual([]);
  });
});
