import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeTinyAdapter } from '../testing/models/tiny-model.ts';
import { dramatis, folder, json, start } from './dramatis.ts';

interface Reply {
  readonly character: string;
  readonly play: string;
  readonly model: string;
  readonly reply: string;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  readonly promptTokens: number;
  readonly firstTokenMs: number;
  readonly recalled: readonly {
    place: string;
    kind?: string;
    speaker: string;
    text: string;
    score: number;
  }[];
  readonly seed: number;
  readonly stop: string;
}

const ask = (who: string, text: string, ...more: string[]): Promise<Reply> =>
  json<Reply>(['chat', who, '--say', text, '--max-tokens', '40', '--gpu', 'off', ...more]);

describe('A visitor asks', () => {
  it('Hamlet about the ghost, and gets an answer with what he remembers', async () => {
    const reply = await ask('hamlet', 'What did the ghost of your father tell you?', '--seed', '3');
    expect(reply).toMatchObject({
      character: 'HAMLET',
      play: 'hamlet',
      model: 'smollm2-135m',
      seed: 3,
    });
    expect(reply.reply.length).toBeGreaterThan(10);
    expect(reply.tokens).toBeGreaterThan(3);
    expect(reply.tokensPerSecond).toBeGreaterThan(0);
    expect(reply.promptTokens).toBeGreaterThan(50);
    expect(reply.firstTokenMs).toBeGreaterThan(0);
    expect(reply.recalled.length).toBeGreaterThan(0);
    expect(reply.stop).toMatch(/^(end|length|sentence|stop|window)$/);
  });

  it('the same at the same seed and gets the same, and something else at another', async () => {
    // No question of fact: what is remembered is said at every seed.
    const question = 'Tell me something beautiful, my lady.';
    const [first, again, other] = [
      await ask('lady macbeth', question, '--seed', '5'),
      await ask('lady macbeth', question, '--seed', '5'),
      await ask('lady macbeth', question, '--seed', '6'),
    ];
    expect(again.reply).toBe(first.reply);
    expect(other.reply).not.toBe(first.reply);
    expect(first.play).toBe('macbeth');
  });

  it('with the best model here where none is named, which is the one that "doctor" names', async () => {
    const env = { DRAMATIS_MODEL: '' };
    const { inUse } = await json<{ inUse: { name: string; from: string } }>(['doctor'], { env });
    expect(inUse.from).toMatch(/^(choice|settings)$/);
    const args = ['chat', 'ophelia', '--say', 'Who are you?', '--max-tokens', '8', '--no-memory'];
    expect((await json<Reply>(args, { env })).model).toBe(inUse.name);
  });

  it('without steering and in script form', async () => {
    const plain = await ask('ophelia', 'Tell me something sad.', '--seed', '1', '--steer', 'off');
    const script = await ask(
      'ophelia',
      'Tell me something sad.',
      '--seed',
      '1',
      '--form',
      'script',
    );
    expect(plain.reply).not.toBe(script.reply);
    expect(script.reply).not.toMatch(/^(HAMLET|POLONIUS|VISITOR)\b/m);
  });

  it('a character of a play of her own', async () => {
    await using at = await folder();
    const play = join(at.path, 'garden.md');
    await writeFile(play, garden);
    const reply = await ask('rosa', 'What grows here?', '--play', play, '--seed', '2');
    expect(reply.character).toBe('ROSA');
    expect(reply.recalled.every(({ place }) => /^1\.\d+\.\d+$/.test(place))).toBe(true);
  });

  it('somebody of her own, whose card she has written in a file', async () => {
    await using at = await folder();
    const card = join(at.path, 'ned.json');
    await writeFile(card, JSON.stringify(ned));
    const checked = await json<{ name: string; faults: readonly unknown[] }>([
      ...['card', 'check', card],
    ]);
    expect(checked).toMatchObject({ name: 'Ned', faults: [] });
    const question = 'What did your lamp burn?';
    const args = ['chat', '--card', card, '--say', question, '--seed', '1', '--gpu', 'off'];
    const { reply, recalled } = await json<Reply>(args);
    expect(recalled[0]).toMatchObject({ kind: 'card', text: 'My lamp burnt whale oil.' });
    expect(reply).toMatch(/whale oil/);
    const { err, out } = await dramatis([...args, '--sources']);
    expect(err).toBe('');
    expect(out).toMatch(/whale oil[\s\S]*\(rests on who they are\)\n$/);
  });

  it('what an answer rests on, and sees the place in the play', async () => {
    const asked = 'What did the ghost of your father tell you?';
    const args = ['--seed', '3', '--max-tokens', '40', '--gpu', 'off', '--sources'];
    const { out } = await dramatis(['chat', 'hamlet', '--say', asked, ...args]);
    expect(out.trim().split('\n').at(-1)).toMatch(/^\((?:as I said at|Ghost,) 1\.5\.\d+: “.+”\)$/);
  });

  it('and reads the answer as it streams', async () => {
    const child = start(['chat', 'hamlet', '--say', 'Who are you?', '--seed', '1', '--gpu', 'off']);
    let pieces = 0;
    let text = '';
    for await (const piece of child.stdout!) {
      pieces++;
      text += String(piece);
    }
    expect(pieces).toBeGreaterThan(3);
    expect(text.trim()).not.toBe('');
    expect(text).not.toContain('<|im_');
  });

  it('several things one after another through a pipe, and is remembered', async () => {
    await using at = await folder();
    const input = 'Good morrow, my lord.\nWhat did I just say?\n';
    const args = ['chat', 'hamlet', '--seed', '4', '--max-tokens', '20', '--gpu', 'off'];
    const { code, out } = await dramatis(args, { input, env: { XDG_STATE_HOME: at.path } });
    expect(code).toBe(0);
    expect(out.trim().split('\n').length).toBeGreaterThanOrEqual(2);
  });
});

describe('An adapter', () => {
  it('for another base is refused in one line, with a remedy', async () => {
    await using at = await folder();
    const adapter = join(at.path, 'adapter.gguf');
    await writeTinyAdapter(adapter);
    const { code, out, err } = await dramatis([
      'chat',
      'hamlet',
      '--adapter',
      adapter,
      '--say',
      'Hm?',
    ]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.trim().split('\n')).toHaveLength(2);
  });
});

/** A character in no play. */
const ned = {
  format: 'dramatis-card',
  version: 1,
  period: '1920',
  name: 'Ned',
  role: 'a retired lighthouse keeper',
  manner: 'You speak slowly, and of the sea.',
  knowledge: ['My lamp burnt whale oil.', 'I had two sons.'],
};

/** A play of our own, in the Markdown the parser knows. */
const garden = `# The Garden

## ACT I

### SCENE I. A garden.

_Enter ROSA and TOM_

**ROSA**  
The beans are up, and the peas are climbing the wall.

**TOM**  
And the roses?

**ROSA**  
They sleep under the snow until the blackbird calls.

_Exit TOM_

### SCENE II. A kitchen.

_Enter TOM_

**TOM**  
She talks of peas, and I of supper.
`;
