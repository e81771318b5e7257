import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { lanternOpening } from '../testing/stage-scene.ts';
import { stageThresholds } from './detectors/thresholds.ts';
import { directorOf } from './director.ts';
import type { Policy, Recorded } from './events.ts';
import { type ScriptedTurn, scriptLines, scriptOf } from './script-lines.ts';
import { Stage } from './stage.ts';
import { stateOf } from './state.ts';
import { Transcript } from './transcript.ts';
import { viewOf } from './view.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-loops-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Plays a script on a real stage, with the limits of the plays, and gives the stage and its events. */
async function played(turns: readonly ScriptedTurn[], policy: Policy = 'script') {
  const cast = [...scriptLines(turns).lines.keys()];
  const transcript = await Transcript.begin(folder, {
    ...lanternOpening,
    cast: cast.map((name) => ({ name, playedBy: 'script' })),
    director: { policy, isAddressing: false },
    thresholds: stageThresholds().limits,
    script: turns.map(({ speaker, text }) => ({ who: speaker, text })),
  });
  await transcript.append({ kind: 'enter', who: cast, by: 'situation' });
  const script = scriptOf(stateOf((await transcript.read()).records))!;
  const stage = await Stage.open({
    transcript,
    play: lighthouse,
    performers: new Map(),
    director: directorOf(policy, { play: lighthouse, script }),
    scripted: script.lines,
  });
  const events: Recorded[] = [];
  for await (const news of stage.run()) if (news.kind === 'event') events.push(news.event);
  return { stage, events, turns: events.filter(({ kind }) => kind === 'turn').length };
}

const between = (length: number, ...texts: readonly string[]): ScriptedTurn[] =>
  Array.from({ length }, (_, i) => ({
    speaker: i % 2 === 0 ? 'ADA' : 'BEN',
    text: texts[i % texts.length]!,
  }));

describe('A stage on which parts come from a script', () => {
  it('ends by loop within six turns when they say the same for ever, and says why on the way', async () => {
    const { events, turns, stage } = await played(
      between(24, 'I will not speak of it, and I will not go.'),
    );
    expect(turns).toBeLessThanOrEqual(6);
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'loop' });
    const alarms = events.filter((event) => event.kind === 'alarm');
    expect(alarms.map(({ detector }) => detector)).toContain('repeat');
    expect(viewOf(stage.state, 'ADA').lines.map(({ text }) => text)).not.toContain(
      'I will not speak of it, and I will not go.',
    );
  });

  it('ends by farewell within three turns when they part for ever', async () => {
    const { events, turns } = await played(
      between(24, 'Farewell, good neighbour.', 'Good night, and God be with you.'),
    );
    expect(turns).toBeLessThanOrEqual(3);
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'farewell' });
  });

  it('plays a script to its end that goes nowhere wrong', async () => {
    const { events, turns } = await played(
      between(6, 'The river rose.', 'Bring bread and a knife.', 'Whose dog is that?'),
    );
    expect(turns).toBe(6);
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'script' });
    expect(events.some(({ kind }) => kind === 'alarm')).toBe(false);
  });

  it('ends when somebody is to speak who has said all, whoever picks them', async () => {
    const { events, turns } = await played(
      [
        { speaker: 'ADA', text: 'The river rose above the mill.' },
        { speaker: 'BEN', text: 'Bring bread and a knife.' },
        { speaker: 'BEN', text: 'Whose dog is that?' },
      ],
      'round-robin',
    );
    expect(turns).toBe(2);
    expect(events.at(-1)).toMatchObject({
      kind: 'end',
      reason: 'script',
      detail: 'ADA has said all',
    });
  });
});
