import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Conversation } from '../actor/conversation.ts';
import { lanternOpening, spoken } from '../testing/stage-scene.ts';
import { findPastScene, findScene, readScenes } from './past-scenes.ts';
import { Transcript } from './transcript.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-scenes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const pause = () => new Promise((resolve) => setTimeout(resolve, 3));

async function two(): Promise<[Transcript, Transcript]> {
  const first = await Transcript.begin(folder, lanternOpening);
  await pause();
  const second = await Transcript.begin(folder, lanternOpening);
  await pause();
  await first.append(spoken('Ahoy')[0]!);
  return [first, second];
}

describe('readScenes', () => {
  it('lists scenes, the one gone on with last first, and says which files are none', async () => {
    const [first, second] = await two();
    writeFileSync(join(folder, 'broken.stage.jsonl'), 'HAMLET. To be');
    const { scenes, unreadable } = await readScenes(folder);
    expect(scenes.map(({ path }) => path)).toEqual([first.path, second.path]);
    expect(scenes[0]).toMatchObject({ state: { n: 2, turns: [{ text: 'Ahoy' }] }, faults: [] });
    expect(unreadable).toEqual([expect.stringContaining('broken.stage.jsonl is not')]);
    expect(await readScenes(join(folder, 'absent'))).toEqual({ scenes: [], unreadable: [] });
  });
});

describe('findScene', () => {
  it('takes a path, an id, the start of one and "latest"', async () => {
    const [first, second] = await two();
    const { scenes } = await readScenes(folder);
    for (const asked of [first.path, scenes[0]!.id, ` ${scenes[0]!.id.slice(0, 5).toUpperCase()}`])
      expect((await findScene(folder, asked)).path).toBe(first.path);
    expect((await findScene(folder, 'latest')).path).toBe(second.path);
  });

  it('says which scenes several are, and that there is none', async () => {
    for (let i = 0; i < 17; i++) await Transcript.begin(folder, lanternOpening);
    const { scenes } = await readScenes(folder);
    const letters = scenes.map(({ id }) => id[0]!);
    const shared = letters.find((letter, i) => letters.indexOf(letter) !== i)!;
    await expect(findScene(folder, shared)).rejects.toThrow('means several scenes: 20');
    for (const asked of ['zzz', '', join(folder, 'no.stage.jsonl')])
      await expect(findScene(folder, asked)).rejects.toMatchObject({ code: 'SCENE_UNKNOWN' });
  });
});

describe('findPastScene', () => {
  it('finds conversations, too, as scenes of two', async () => {
    const [first] = await two();
    const talk = await Conversation.begin(folder, {
      ...{ play: 'the-lantern', playHash: '', character: 'MARTA', model: 'tiny', form: 'chat' },
      ...{ steer: false, seed: 1, version: '0' },
    });
    await talk.say({ speaker: 'MARTA', text: 'Aye.' });
    await talk.rename('the light');
    expect((await findPastScene(folder, first.path)).records).toHaveLength(2);
    const id = talk.path.slice(-12, -6);
    for (const asked of [talk.path, id, 'The Light'])
      expect(await findPastScene(folder, asked)).toMatchObject({
        ...{ id, path: talk.path, state: { turns: [{ who: 'MARTA', text: 'Aye.' }] } },
      });
    await expect(findPastScene(folder, 'zzz')).rejects.toMatchObject({ code: 'SCENE_UNKNOWN' });
    writeFileSync(join(folder, 'play.jsonl'), 'HAMLET. To be');
    await expect(findPastScene(folder, join(folder, 'play.jsonl'))).rejects.toThrow('is not the');
  });
});
