import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultyDisk } from '../testing/disks.ts';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { lanternOpening } from '../testing/stage-scene.ts';
import { directorOf } from './director.ts';
import type { PlayedBy, StageEvent } from './events.ts';
import { scriptOf } from './script-lines.ts';
import { Stage } from './stage.ts';
import { stateOf } from './state.ts';
import { type Opening, Transcript } from './transcript.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-stage-'));
});
afterAll(() => rm(folder, { recursive: true }));

const cast = ['ADA', 'BEN'];
const script = ['One lamp.', 'Two lamps.', 'A third one burns.', 'Then all is well.'].map(
  (text, i) => ({ who: cast[i % 2]!, text }),
);
const first: StageEvent[] = [{ kind: 'enter', who: cast, by: 'situation' }];

const opening = (playedBy: PlayedBy, changes: Partial<Opening> = {}): Opening => ({
  ...lanternOpening,
  cast: cast.map((name) => ({ name, playedBy: name === 'ADA' ? playedBy : 'script' })),
  director: { policy: playedBy === 'script' ? 'script' : 'round-robin', isAddressing: false },
  ...(playedBy === 'script' ? { script } : { script: script.filter(({ who }) => who === 'BEN') }),
  ...changes,
});

async function staged(transcript: Transcript): Promise<Stage> {
  const state = stateOf((await transcript.read()).records);
  const lines = scriptOf(state);
  return Stage.open({
    transcript,
    play: lighthouse,
    performers: new Map(),
    director: directorOf(state.open!.director.policy, { play: lighthouse, script: lines }),
    scripted: lines?.lines,
  });
}

async function begun(playedBy: PlayedBy, changes: Partial<Opening> = {}): Promise<Stage> {
  return staged(await Transcript.begin(folder, opening(playedBy, changes), { first }));
}

/** Runs the stage until it rests, and names what happened. */
async function run(stage: Stage): Promise<string[]> {
  const kinds: string[] = [];
  for await (const news of stage.run()) if (news.kind === 'event') kinds.push(news.event.kind);
  return kinds;
}
const said = (stage: Stage): string[] => stage.state.turns.map(({ text }) => text);

describe('A stage', () => {
  it('says nothing that is not on the disk, and goes on when there is room again', async () => {
    const { path } = (await begun('script')).transcript;
    for (let fails = 0; fails < 24; fails++) {
      const copy = join(folder, `full-${fails}.stage.jsonl`);
      writeFileSync(copy, readFileSync(path));
      const full = await staged(new Transcript(copy, { disk: faultyDisk(fails, 'ENOSPC') }));
      const shown: string[] = [];
      const running = async (): Promise<void> => {
        for await (const news of full.run())
          if (news.kind === 'event' && news.event.kind === 'turn') shown.push(news.event.text);
      };
      await expect(running()).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
      const again = await staged(new Transcript(copy));
      expect(said(again)).toEqual(shown);
      await run(again);
      expect(said(again)).toEqual(script.map(({ text }) => text));
    }
  });

  it('goes on after kill -9 at any byte, with all that was said before', async () => {
    const whole = await begun('script');
    const opened = readFileSync(whole.transcript.path).length;
    await run(whole);
    const bytes = readFileSync(whole.transcript.path);
    for (let point = 0; point < 200; point++) {
      const at = opened + Math.floor((point * (bytes.length - opened)) / 200);
      const path = join(folder, `killed-${point}.stage.jsonl`);
      writeFileSync(path, bytes.subarray(0, at));
      const before = bytes.subarray(0, at).toString().split('\n').slice(0, -1);
      const kept = before.filter((line) => line.includes('"kind":"turn"')).length;
      const again = await staged(new Transcript(path));
      expect(again.state.turns.length).toBeGreaterThanOrEqual(kept);
      await run(again);
      expect(said(again)).toEqual(said(whole));
      expect(again.state.end?.reason).toBe('script');
    }
  });

  it('asks a person, takes their words or lets the turn pass, and goes on', async () => {
    const stage = await begun('human');
    expect(await run(stage)).toEqual(['next', 'ask']);
    expect(stage.state.asked).toBe('ADA');
    expect(await run(stage)).toEqual([]); // nothing happens meanwhile
    for await (const _ of stage.say('ADA', { text: ' I see them. ' }));
    expect(said(stage)).toEqual(['I see them.']);
    expect(await run(stage)).toEqual(['next', 'turn', 'next', 'ask']);
    for await (const _ of stage.step()); // she lets it pass
    expect(said(stage)).toEqual(['I see them.', 'Two lamps.', 'Then all is well.']);
    await run(stage);
    for await (const _ of stage.step());
    expect(stage.state.end).toMatchObject({ reason: 'script', detail: 'BEN has said all' });
  });

  it('ends at its limit, and goes on for so many turns more when that is moved', async () => {
    const stage = await begun('script', { limits: { turns: 2 } });
    await run(stage);
    expect(stage.state.end?.reason).toBe('turns');
    await stage.resume();
    await stage.allow('turns', 1);
    await run(stage);
    expect(said(stage)).toEqual(script.slice(0, 3).map(({ text }) => text));
    expect(stage.state.end?.reason).toBe('turns');
  });

  it('writes down what went wrong, and rests until it is resumed', async () => {
    const stage = await begun('script');
    await stage.transcript.append({ kind: 'exit', who: cast, by: 'human' });
    const empty = await staged(stage.transcript);
    await expect(run(empty)).rejects.toMatchObject({ code: 'NOT_ON_STAGE' });
    expect(empty.state).toMatchObject({ isPaused: true });
    const kinds = empty.state.counting.map(({ kind }) => kind);
    expect(kinds.slice(-2)).toEqual(['error', 'pause']);
    await empty.enter('ADA');
    await empty.enter('BEN');
    await empty.resume();
    await run(empty);
    expect(said(empty)).toHaveLength(script.length);
  });

  it('lets another policy choose from now on', async () => {
    const stage = await begun('human');
    await stage.direct('random');
    expect(stage.state.levers).toEqual({ policy: 'random' });
    await run(stage);
    expect(stage.state.choice).toMatchObject({ by: 'random' });
  });

  it('tells turns that mean the same by their words, also when those were edited', async () => {
    const asked: string[] = [];
    const transcript = await Transcript.begin(folder, opening('human'), { first });
    const stage = await Stage.open({
      ...{ transcript, play: lighthouse, performers: new Map() },
      director: directorOf('round-robin', { play: lighthouse }),
      embed: async (text) => {
        asked.push(text);
        return Float32Array.of(1, 0);
      },
    });
    for await (const _ of stage.say('ADA', { text: 'A lamp.' }));
    await stage.edit(stage.state.turns[0]!.n, 'A bell.');
    for await (const _ of stage.say('BEN', { text: 'A lamp.' }));
    expect(asked).toEqual(['A lamp.', 'A bell.']);
  });

  it('lets a person say, note, whisper, edit, take back and choose who is next', async () => {
    const stage = await begun('human');
    stage.callNext('ADA');
    expect(await run(stage)).toEqual(['next', 'ask']);
    expect(stage.state.choice).toMatchObject({ chosen: 'ADA', by: 'human' });
    for await (const _ of stage.say('ADA', { text: 'Hush.', isAside: true }));
    const turn = stage.state.turns.at(-1)!;
    expect(turn).toMatchObject({ heard: ['ADA'], isAside: true, playedBy: 'human' });
    await stage.edit(turn.n, 'Hush, hush.');
    expect(said(stage)).toEqual(['Hush, hush.']);
    await stage.note('A bell rings.');
    await stage.tell('BEN', 'Be kind.');
    await stage.undo(turn.n - 1);
    expect(said(stage)).toEqual([]);
    expect(() => stage.callNext('IVO')).toThrow(expect.objectContaining({ code: 'NOT_ON_STAGE' }));
    expect(() => stage.edit(1, 'Nothing.')).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
