import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Memory } from '../memory/memory.ts';
import { type Turn, VISITOR } from '../prompt/prompt.ts';
import { WordHashEmbedder } from '../testing/models/word-hash-embedder.ts';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { recallForTurn } from './recall-for-turn.ts';

/** Keeps what is searched for. */
class ListeningEmbedder extends WordHashEmbedder {
  last: readonly string[] = [];

  override embed(texts: readonly string[]): Promise<Float32Array[]> {
    this.last = texts;
    return super.embed(texts);
  }
}

const embedder = new ListeningEmbedder();
let folder: string;
let memory: Memory;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-turn-'));
  memory = await Memory.open({
    play: lighthouse,
    playHash: 'a'.repeat(64),
    embedder: () => Promise.resolve(embedder),
    embedderHash: 'b'.repeat(64),
    folder,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const visitor = (text: string): Turn => ({ speaker: VISITOR, text });

/** What is searched for at the last of some turns; undefined if nothing is. */
async function searched(...turns: readonly Turn[]): Promise<string | undefined> {
  embedder.last = [];
  await recallForTurn(memory, { turns, speaker: 'ADA' });
  return embedder.last[0];
}

describe('recallForTurn', () => {
  const before = [visitor('Who sold the silver bell?'), { speaker: 'ADA', text: 'Ben did.' }];

  it('searches a short question alone if it says what it is about (M4)', async () => {
    expect(await searched(...before, visitor('Who was Cleo?'))).toBe('Who was Cleo?');
    expect(await searched(...before, visitor('Cleo?'))).toBe('Cleo?');
    expect(await searched(...before, visitor('Who is Cleo?'))).toBe('Who is Cleo?');
  });

  it('searches one that says nothing alone with the question before it', async () => {
    expect(await searched(...before, visitor('And why?'))).toBe(
      'Who sold the silver bell?\nAnd why?',
    );
    expect(await searched(visitor('And why?'))).toBeUndefined();
    expect(await searched(...before, visitor('Who are you?'))).toBeUndefined();
  });

  it('searches a question with the person whom it means', async () => {
    const talk = [visitor('Do you love Ben?'), { speaker: 'ADA', text: 'I do.' }];
    expect(await searched(...talk, visitor('What did he sell?'))).toBe('What did Ben sell?');
  });

  it('searches for nothing at the words of a scene without a place in the story', async () => {
    expect(await searched({ speaker: 'BEN', text: 'Who sold the bell?' })).toBeUndefined();
  });
});
