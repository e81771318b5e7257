import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Conversation } from '../actor/conversation.ts';
import { VISITOR } from '../prompt/prompt.ts';
import { sceneExports } from './export/exports.ts';
import { derive } from './replay.ts';
import { stateOf } from './state.ts';
import { talkReader, talkRecords } from './talk-records.ts';
import { viewOf } from './view.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-talk-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function talk(): Promise<Conversation> {
  const conversation = await Conversation.begin(folder, {
    ...{ play: 'the-lantern', playHash: 'a', character: 'OLD HUGO', model: 'tiny', form: 'chat' },
    ...{ steer: ['length'], seed: 7, version: '0.0.0', at: '1.2', adapter: 'hugo@1' },
  });
  await conversation.say({ speaker: VISITOR, text: 'Who keeps the light?' });
  const adapters = [{ id: '3f9a', scale: 1 }];
  await conversation.say({ speaker: 'OLD HUGO', text: 'I do.', seed: 8, stop: 'end', adapters });
  await conversation.say({ speaker: VISITOR, text: 'Taken back.' });
  await conversation.undo(1);
  return conversation;
}

describe('talkRecords', () => {
  it('is a conversation as a scene of two, which state, views, replay and exports read', async () => {
    const { path } = await talk();
    const records = talkRecords(await Conversation.resume(path))!;
    const state = stateOf(records);
    expect(state).toMatchObject({
      open: { id: path.slice(-12, -6), at: '1.2', seed: 7, steer: ['length'] },
      cast: ['OLD HUGO', VISITOR],
      onStage: ['OLD HUGO', VISITOR],
      figures: { turns: 2, modelTurns: 1, words: 6 },
    });
    expect(state.turns[1]).toMatchObject({ seed: 8, stop: 'end', adapters: ['3f9a'] });
    expect(viewOf(state, 'OLD HUGO').lines.map(({ text }) => text)).toEqual([
      ...['Enter Old Hugo and Visitor.', 'Who keeps the light?', 'I do.'],
    ]);
    expect((await derive(records)).difference).toBeUndefined();
    expect(sceneExports.fountain.write(state)).toContain('@Visitor\nWho keeps the light?');
  });

  it('is nothing where a conversation does not say whom it is with', () => {
    expect(talkRecords(Conversation.unrecorded())).toBeUndefined();
  });

  it('is read as it goes on, each event once', async () => {
    const conversation = await talk();
    const reader = talkReader(conversation.path);
    expect((await reader.next()).map(({ kind }) => kind)).toEqual([
      'open',
      'enter',
      'turn',
      'turn',
    ]);
    expect(await reader.next()).toEqual([]);
    await conversation.say({ speaker: VISITOR, text: 'Till when?' });
    expect(await reader.next()).toMatchObject([{ n: 5, kind: 'turn', text: 'Till when?' }]);
  });
});
