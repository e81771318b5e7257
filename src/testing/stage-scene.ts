import type { OpenEvent, StageEvent } from '../stage/events.ts';
import type { Opening } from '../stage/transcript.ts';

/** A scene of an invented play, as it is opened. */
export const lanternOpening: Opening = {
  program: '0.0.0',
  play: { id: 'the-lantern', title: 'The Lantern', hash: 'a'.repeat(64) },
  at: '1.2',
  heading: 'The lantern room.',
  seed: 7,
  model: { name: 'tiny', hash: 'b'.repeat(64) },
  engine: { threads: 2 },
  form: 'script',
  template: '1',
  cast: [
    { name: 'MARTA', playedBy: 'model' },
    { name: 'OLD HUGO', playedBy: 'model' },
  ],
  steer: [],
  director: { policy: 'turn-model', isAddressing: false },
  thresholds: {},
  limits: { turns: 24 },
};

/** The first event of such a scene. */
export const openEvent: OpenEvent = {
  kind: 'open',
  format: 'dramatis.stage',
  version: 1,
  id: 'abcdef',
  ...lanternOpening,
};

/** What the two of `lanternOpening` say in turn, each heard by both. */
export function spoken(...texts: readonly string[]): StageEvent[] {
  const heard = lanternOpening.cast.map(({ name }) => name);
  return texts.map((text, i) => ({
    ...{ kind: 'turn', playedBy: 'model', heard, text, who: heard[i % 2]! },
  }));
}
