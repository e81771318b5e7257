import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { VISITOR } from '../prompt/prompt.ts';
import { emitFolders, startChild } from '../testing/children.ts';
import { Conversation } from './conversation.ts';
import { deleteConversation } from './past-conversations.ts';

let path = '';
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dramatis-talk-'));
  const conversation = await Conversation.begin(folder, {
    play: 'lantern',
    playHash: '',
    character: 'MARTA',
    model: 'tiny',
    form: 'chat',
    steer: false,
    seed: 1,
    version: '0',
  });
  await conversation.say({ speaker: VISITOR, text: 'Who?' });
  await conversation.say({ speaker: 'MARTA', text: 'Aye.' });
  path = conversation.path;
});

const texts = async (): Promise<string[]> =>
  (await Conversation.resume(path)).turns.map(({ text }) => text);

describe('A dialogue in processes that are killed or run beside one another', () => {
  let code = '';
  beforeAll(() => {
    code = emitFolders('store', 'actor', 'play');
    // The prompts themselves are read from files that a child's folder has not.
    mkdirSync(join(code, 'prompt'));
    const visitor = `export const VISITOR = ${JSON.stringify(VISITOR)};`;
    writeFileSync(join(code, 'prompt/prompt.js'), visitor);
  });
  afterAll(() => rmSync(code, { recursive: true }));

  /** A program with a dialogue in the conversation, whose actor gives `answer` and then hangs or ends. */
  const program = (answer: string, end: string, then: string): string => `
    import { Conversation } from './actor/conversation.js';
    import { Dialogue } from './actor/dialogue.js';
    const actor = {
      character: { name: 'MARTA' }, steering: {}, window: 100, adapters: [],
      async *reply() {
        yield { kind: 'text', text: ${JSON.stringify(answer)} };
        process.stdout.write('.');
        ${end};
        yield { kind: 'done', reply: ${JSON.stringify(answer)}, seed: 1, stop: 'end' };
      },
    };
    const conversation = await Conversation.resume(${JSON.stringify(path)});
    const dialogue = new Dialogue({ actor, conversation, seed: 1 });
    ${then}`;

  it('keeps the answer that there is when another one is killed in its midst', async () => {
    const hang = 'setInterval(() => {}, 1000); await new Promise(() => {})';
    const child = startChild(code, program('Na', hang, 'for await (const _ of dialogue.again());'));
    child.process.stdout?.once('data', () => child.process.kill('SIGKILL'));
    const { code: exit, stderr } = await child.ended;
    expect({ exit, stderr }).toEqual({ exit: null, stderr: '' });
    expect(await texts()).toEqual(['Who?', 'Aye.']);
  });

  it('takes back its own words alone, twenty times in each of two processes', async () => {
    const rounds = (name: string): string => `
      for (let n = 0; n < 20; n++) {
        for await (const _ of dialogue.say(${JSON.stringify(name)} + n));
        if (n < 19) await dialogue.takeBack();
      }`;
    const children = ['a', 'b'].map((name) =>
      startChild(code, program(`to ${name}`, '', rounds(name))),
    );
    for (const { ended } of children) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    const left = await texts();
    expect(left.slice(0, 2)).toEqual(['Who?', 'Aye.']);
    const pairs = [left.slice(2, 4), left.slice(4, 6)].sort();
    expect(pairs).toEqual([
      ['a19', 'to a'],
      ['b19', 'to b'],
    ]);
    expect(left).toHaveLength(6);
  });

  it('has one owner, who is named to others, while it lives', async () => {
    const owning = `import { Conversation } from './actor/conversation.js';
      const conversation = await Conversation.resume(${JSON.stringify(path)});
      await conversation.own();
      process.stdout.write('.');
      setInterval(() => {}, 1000);`;
    const child = startChild(code, owning);
    await new Promise((resolve) => child.process.stdout?.once('data', resolve));
    const conversation = await Conversation.resume(path);
    await expect(conversation.own()).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringMatching(
        new RegExp(
          `^the conversation [0-9a-f]{6} with MARTA is open in process ${child.process.pid} on `,
        ),
      ),
      remedy: expect.stringContaining('--fork'),
    });
    await expect(deleteConversation({ conversation })).rejects.toMatchObject({ code: 'LOCKED' });

    const fork = await conversation.fork();
    await fork.own();
    await fork.say({ speaker: VISITOR, text: 'And now?' });
    expect(fork.turns.map(({ text }) => text)).toEqual(['Who?', 'Aye.', 'And now?']);
    expect(fork.start?.forkOf).toBe(path.slice(-12, -6));
    expect(await texts()).toEqual(['Who?', 'Aye.']);
    await fork.release();

    child.process.kill('SIGKILL');
    await child.ended;
    await conversation.own();
    await conversation.say({ speaker: VISITOR, text: 'Ho!' });
    await conversation.release();
    expect(existsSync(`${path}.owner.lock`)).toBe(false);
  });

  it('takes no words of an owner who was overtaken', async () => {
    const conversation = await Conversation.resume(path);
    await conversation.own();
    rmSync(`${path}.owner.lock`);
    const other = await Conversation.resume(path);
    await other.own();
    const late = conversation.say({ speaker: VISITOR, text: 'late' });
    await expect(late).rejects.toMatchObject({ code: 'LOCKED' });
    await other.say({ speaker: VISITOR, text: 'in time' });
    expect(await texts()).toEqual(['Who?', 'Aye.', 'in time']);
    await other.release();
  });
});
