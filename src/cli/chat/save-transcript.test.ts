import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveTranscript } from './save-transcript.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-transcript-'));
});
afterEach(() => rm(folder, { recursive: true }));

const transcript = {
  character: 'Old Hugo',
  play: 'the-lantern',
  model: 'tiny',
  turns: [
    { speaker: 'VISITOR', text: 'Who keeps the light?' },
    { speaker: 'HUGO', text: 'I do, and', seed: 7, stop: 'cut' as const },
  ],
};

describe('saving a conversation', () => {
  it('writes text with names, seeds and what was stopped', async () => {
    const path = await saveTranscript(transcript, join(folder, 'talk.md'));
    const text = await readFile(path, 'utf8');
    expect(text).toContain('**Visitor:** Who keeps the light?');
    expect(text).toContain('**Old Hugo:** I do, and [stopped] <!-- seed 7 -->');
  });

  it('writes all of it as JSON', async () => {
    const path = await saveTranscript(transcript, join(folder, 'talk.json'));
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(transcript);
  });

  it('refuses a format that it cannot write, and a folder that is not there, and makes neither', async () => {
    const pdf = saveTranscript(transcript, join(folder, 'talk.pdf'));
    await expect(pdf).rejects.toThrow('a conversation cannot be written as .pdf');
    const nowhere = saveTranscript(transcript, join(folder, 'none', 'talk.md'));
    await expect(nowhere).rejects.toThrow(/^there is no folder .*none$/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes over nothing', async () => {
    await saveTranscript(transcript, join(folder, 'talk.md'));
    const again = saveTranscript(transcript, join(folder, 'talk.md'));
    await expect(again).rejects.toThrow(/is there already/);
  });
});
