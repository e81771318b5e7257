import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DramatisError } from '../errors.ts';
import { Memory } from '../memory/memory.ts';
import { printings } from '../testing/plays/ostrava.ts';
import { Dramatis } from './dramatis.ts';
import type { ActorRequest } from './open-actor.ts';
import { openMemory } from './open-memory.ts';
import { openModel } from './open-model.ts';

vi.mock('./open-memory.ts');
vi.mock('./open-model.ts');

const at = mkdtempSync(join(tmpdir(), 'dramatis-open-actor-'));
const lantern = join(at, 'lantern.md');
let home: string;

beforeAll(() => writeFileSync(lantern, printings.Markdown!));
afterEach(() => vi.resetAllMocks());
afterAll(() => rmSync(at, { recursive: true }));

/** Opens an actor in a home that has nothing in it, and in which nothing may be fetched. */
async function open(character: string, request: ActorRequest, offline = false) {
  home = mkdtempSync(join(at, 'home-'));
  const env = { DRAMATIS_HOME: home, HF_HOME: join(home, 'hub') };
  const dramatis = await Dramatis.open({ hub: { env, offline } });
  return dramatis.actor(character, request);
}

describe('An actor', () => {
  it('whose model fails to open stops the memory that is being made, and waits for its end', async () => {
    const events: string[] = [];
    vi.mocked(openModel).mockImplementation(async () => {
      await vi.waitFor(() => expect(events).toEqual(['memory begins']));
      throw new DramatisError('MODEL_UNREADABLE', 'the model is cut short');
    });
    vi.mocked(openMemory).mockImplementation(async (_workspace, _play, signal) => {
      events.push('memory begins');
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      await new Promise(setImmediate);
      events.push('memory ends');
      throw signal?.reason;
    });
    await expect(open('marta', { play: lantern })).rejects.toThrow('the model is cut short');
    expect(events).toEqual(['memory begins', 'memory ends']);
  });

  it('that is given a memory opens no other, and leaves it open when it fails', async () => {
    vi.mocked(openModel).mockRejectedValue(new DramatisError('MODEL_UNREADABLE', 'cut short'));
    const dispose = vi.fn();
    const memory = {
      memory: Object.create(Memory.prototype) as Memory,
      [Symbol.dispose]: dispose,
    };
    await expect(open('marta', { play: lantern, memory })).rejects.toThrow('cut short');
    expect(openMemory).not.toHaveBeenCalled();
    expect(dispose).not.toHaveBeenCalled();
  });

  it('is refused by its names before anything is opened or fetched', async () => {
    const wrong: readonly [string, ActorRequest, string][] = [
      ['hamlt', {}, 'CHARACTER_UNKNOWN'],
      ['king', {}, 'CHARACTER_AMBIGUOUS'],
      ['hamlet', { play: 'hamlot' }, 'PLAY_UNKNOWN'],
      ['hamlet', { play: join(at, 'none.md') }, 'FILE_MISSING'],
      ['hamlet', { at: 'noon' }, 'PLACE_UNKNOWN'],
      ['hamlet', { model: 'smolm2-135m' }, 'MODEL_UNKNOWN'],
      ['hamlet', { model: join(at, 'none.gguf') }, 'FILE_MISSING'],
      ['hamlet', { model: lantern }, 'GGUF_INVALID'],
      ['hamlet', { model: 'gemma3-270m' }, 'LICENCE_NEEDED'],
      ['hamlet', { prompt: 'none' }, 'USAGE'],
      ['hamlet', { adapter: join(at, 'none.gguf') }, 'FILE_MISSING'],
      ['hamlet', { adapter: 'cafe' }, 'ADAPTER_UNKNOWN'],
    ];
    for (const [character, request, code] of wrong) {
      await expect(open(character, request), `${character} ${code}`).rejects.toMatchObject({
        code,
      });
      expect(readdirSync(home), `${character} ${code}`).toEqual([]);
    }
    await expect(open('hamlet', {}, true)).rejects.toMatchObject({ code: 'OFFLINE' });
    expect(openModel).not.toHaveBeenCalled();
    expect(openMemory).not.toHaveBeenCalled();
  });

  it('is refused by the play before a model is fetched or a memory made', async () => {
    await expect(open('nobody', { play: lantern })).rejects.toMatchObject({
      code: 'CHARACTER_UNKNOWN',
    });
    await expect(open('marta', { play: lantern, at: '9.9' })).rejects.toMatchObject({
      code: 'PLACE_UNKNOWN',
    });
    expect(openModel).not.toHaveBeenCalled();
    expect(openMemory).not.toHaveBeenCalled();
  });
});
