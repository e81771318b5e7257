import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Session } from '../engine/session/session.ts';
import { writeDigestFile } from '../memory/digests/digest-file.ts';
import { readDigests } from '../memory/digests/read-digests.ts';
import { Memory } from '../memory/memory.ts';
import { parsePlace } from '../play/place.ts';
import { noSteering } from '../steer/steering.ts';
import { WordHashEmbedder } from '../testing/models/word-hash-embedder.ts';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import {
  lighthouseHash,
  lighthouseHeader,
  lighthouseRows,
} from '../testing/plays/lighthouse-digests.ts';
import { Voice } from './voice.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-voice-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What pushes down the unknown among the grammars of Ada's reply before 1.2 to a prompt that reads so. */
async function grammarsAt(prompt: string, hidesUnknown: boolean): Promise<unknown> {
  const rows = lighthouseRows.map((row) => ({ ...row, asks: [] }));
  // Enough facts that a word of one of them is rare.
  const wick = ['1.1-11', '1.1-12', '1.1-13', '1.1-14'].map((id) => ({
    ...rows[0]!,
    id,
    text: '{ADA} trimmed the wick.',
    about: ['ADA'],
  }));
  const text = writeDigestFile(lighthouseHeader, [rows[0]!, ...wick, ...rows.slice(1)]);
  const opened = { play: lighthouse, sha256: lighthouseHash };
  const memory = await Memory.open({
    play: lighthouse,
    playHash: lighthouseHash,
    digests: readDigests(text, 'lighthouse.jsonl', opened).digests,
    embedder: () => Promise.resolve(new WordHashEmbedder()),
    embedderHash: 'b'.repeat(64),
    folder,
  });
  const session = {
    model: { detokenize: () => prompt, tokenize: () => new Int32Array(), info: {} },
    setAdapters() {},
    window: 100,
  } as unknown as Session;
  const steering = { ...noSteering(), hidesUnknown };
  const voice = new Voice({
    session,
    form: 'chat',
    speaker: 'ADA',
    memory,
    steering,
    policy: 'warm',
  });
  const shown = {
    tokens: new Int32Array(),
    prefixLength: 0,
    turnFrom: undefined,
    stop: [],
    dropped: 0,
    continuation: () => new Int32Array(),
    turns: [],
    conversation: [],
    at: parsePlace('1.2'),
  };
  const { options } = await voice.part(shown, { seed: 1, maxTokens: 5 });
  return [options.sampling?.grammar ?? []].flat().filter((one) => String(one).includes('unknown'));
}

it('draws a reply with what it must not give away pushed down, but for words of the prompt', async () => {
  expect(await grammarsAt('What happened?', true)).toEqual([
    expect.stringMatching(/^%lexicon unknown .*"smuggler" -/),
  ]);
  const asked = await grammarsAt('Who is the smuggler?', true);
  expect(asked).toEqual([expect.stringMatching(/"gold" -/)]);
  expect(JSON.stringify(asked)).not.toContain('smuggler');
});

it('pushes nothing down while the lever is off', async () => {
  expect(await grammarsAt('What happened?', false)).toEqual([]);
});
