import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Conversation } from '../../actor/conversation.ts';
import { readConversations } from '../../actor/past-conversations.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { resumed } from './resumed.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-resumed-'));
afterAll(() => rmSync(folder, { recursive: true }));

let id = '';
beforeAll(async () => {
  const conversation = await Conversation.begin(folder, {
    play: 'the-lantern',
    playHash: '',
    character: 'OLD HUGO',
    model: 'tiny',
    form: 'chat',
    at: '1.1',
    steer: false,
    seed: 7,
    version: '0',
  });
  await conversation.say({ speaker: VISITOR, text: 'Who?', at: '1.2' });
  await conversation.rename('the light');
  id = (await readConversations(folder)).conversations[0]!.id;
});

const request = {
  steer: [],
  sampling: {},
  json: false,
  sources: false,
  signal: new AbortController().signal,
};
const asked = (more: { character?: string; resume?: string; model?: string; cardFile?: string }) =>
  resumed(folder, { ...request, ...more });

describe('Whom a chat is with', () => {
  it('is whoever was named, in a conversation that begins', async () => {
    expect(await asked({ character: 'hamlet' })).toMatchObject({
      character: 'hamlet',
      resume: false,
    });
    await expect(asked({})).rejects.toMatchObject({ code: 'USAGE' });
    expect(await asked({ cardFile: 'ned.json' })).toMatchObject({ resume: false });
  });

  it('is whoever was named, in the last conversation with them', async () => {
    const last = { character: 'hugo', resume: true };
    expect(await asked({ character: 'hugo', resume: '' })).toMatchObject(last);
    // The word after --continue, where nobody else is named.
    expect(await asked({ resume: 'hugo' })).toMatchObject(last);
  });

  it('comes from the conversation, with its play, its model and the last place', async () => {
    const all = {
      character: 'OLD HUGO',
      play: 'the-lantern',
      model: 'tiny',
      at: '1.2',
      resume: id,
    };
    expect(await asked({ resume: '' })).toMatchObject(all);
    expect(await asked({ resume: id })).toMatchObject(all);
    expect(await asked({ resume: 'The Light' })).toMatchObject(all);
    expect(await asked({ resume: id, model: 'large' })).toMatchObject({ ...all, model: 'large' });
  });

  it('is an error where an id means no conversation', async () => {
    const unknown = { code: 'CONVERSATION_UNKNOWN' };
    await expect(asked({ resume: '0123456' })).rejects.toMatchObject(unknown);
    await expect(asked({ character: 'hugo', resume: 'no name' })).rejects.toMatchObject(unknown);
  });
});
