import type { Recorded, StageEvent } from '../../stage/events.ts';
import { openEvent } from '../../testing/stage-scene.ts';

export const both = ['MARTA', 'OLD HUGO'];
const events: readonly StageEvent[] = [
  openEvent,
  { kind: 'enter', who: both, by: 'situation' },
  {
    ...{
      kind: 'next',
      candidates: both,
      probabilities: [0.39, 0.61],
      drawn: 0.2,
      by: 'turn-model',
    },
    ...{ chosen: 'OLD HUGO', to: 'MARTA' },
  },
  {
    ...{
      kind: 'view',
      who: 'OLD HUGO',
      hash: 'a',
      tokens: 100,
      reused: 90,
      dropped: 0,
      heard: [2],
    },
    recalled: [{ place: '1.1.9', text: 'The wick burns.' }],
  },
  {
    ...{ kind: 'struck', who: 'OLD HUGO', text: 'Marta: hm', tokens: [1], seed: 1 },
    ...{ guard: 'label', detail: 'a label' },
  },
  {
    ...{ kind: 'turn', who: 'OLD HUGO', playedBy: 'model', to: 'MARTA', heard: both },
    ...{
      text: 'The wind\nhas a new voice.',
      tokens: [1, 2, 3, 4, 5],
      ms: { first: 100, all: 200 },
    },
  },
  { kind: 'turn', who: 'MARTA', playedBy: 'human', isAside: true, heard: ['MARTA'], text: 'So.' },
];
/** A scene of two turns, with all that led to them. */
export const records = events.map(
  (event, i): Recorded => ({ n: i + 1, time: '2026-01-02T03:04:05Z', ...event }),
);
