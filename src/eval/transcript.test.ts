import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Conversation } from '../actor/conversation.ts';
import { DramatisError } from '../errors.ts';
import { Transcript } from '../stage/transcript.ts';
import { harbour } from '../testing/plays/harbour.ts';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { lanternOpening } from '../testing/stage-scene.ts';
import { readTranscript } from './transcript.ts';
import { transcriptMeasures } from './transcript-measures.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-transcript-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}
const lines = (...records: unknown[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

async function failure(reading: Promise<unknown>): Promise<DramatisError> {
  const error: unknown = await reading.catch((reason: unknown) => reason);
  if (error instanceof DramatisError) return error;
  throw new Error('it did not fail');
}

describe('A transcript', () => {
  it('is read from JSON lines, whatever the fields are called', async () => {
    const path = await file(
      'a.jsonl',
      lines(
        { role: 'system', content: 'You are Ada.' },
        { role: 'user', content: 'Who is there?' },
        { speaker: 'Ada', text: 'I am.' },
        { name: 'ben', role: 'assistant', content: 'And I.' },
      ),
    );
    expect(await readTranscript(path, lighthouse)).toEqual([
      [
        { speaker: 'VISITOR', text: 'Who is there?' },
        { speaker: 'ADA', text: 'I am.' },
        { speaker: 'BEN', text: 'And I.' },
      ],
    ]);
  });

  it('is read from the journal of a chat, without what was taken back', async () => {
    const conversation = await Conversation.begin(folder, {
      play: 'lighthouse',
      playHash: '',
      character: 'CLEO',
      model: 'm',
      form: 'chat',
      steer: true,
      seed: 1,
      version: '0',
    });
    await conversation.say({ speaker: 'VISITOR', text: 'Where is the bell?' });
    await conversation.say({ speaker: 'CLEO', text: 'What bell?' });
    await conversation.undo(1);
    await conversation.say({ speaker: 'CLEO', text: 'It is sold.' });
    expect(await readTranscript(conversation.path, lighthouse)).toEqual([
      [
        { speaker: 'VISITOR', text: 'Where is the bell?' },
        { speaker: 'CLEO', text: 'It is sold.' },
      ],
    ]);
  });

  it('is read from the journal of a scene, without what the play opened it with', async () => {
    const scene = await Transcript.begin(folder, lanternOpening);
    const turn = { kind: 'turn', who: 'ADA', playedBy: 'model', heard: [] } as const;
    await scene.append({ ...turn, playedBy: 'play', text: 'From the play.' });
    const { n } = await scene.append({ ...turn, text: 'One.' });
    await scene.append({ ...turn, who: 'BEN', playedBy: 'human', text: 'Two.' });
    await scene.append({ ...turn, text: 'Three.' });
    await scene.append({ kind: 'edit', of: n, text: 'First.' });
    expect(await readTranscript(scene.path, lighthouse)).toEqual([
      [
        { speaker: 'ADA', text: 'First.' },
        { speaker: 'BEN', text: 'Two.' },
        { speaker: 'ADA', text: 'Three.' },
      ],
    ]);
  });

  it('is read from a play, scene by scene', async () => {
    const path = await file(
      'a.md',
      '# A Play\n\n## ACT I\n\n### SCENE I. Here.\n\n**ADA**  \nOne.\n\n**CLEO and BEN**  \nTwo.\n\n### SCENE II. There.\n\n**BEN**  \nThree.\n',
    );
    expect(await readTranscript(path, lighthouse)).toEqual([
      [
        { speaker: 'ADA', text: 'One.' },
        { speaker: 'CLEO and BEN', text: 'Two.' },
      ],
      [{ speaker: 'BEN', text: 'Three.' }],
    ]);
  });

  it('is refused with all the names that nobody has', async () => {
    const path = await file(
      'b.jsonl',
      lines(
        { speaker: 'Gandalf', text: 'Fly!' },
        { speaker: 'ADA', text: 'Who?' },
        { speaker: 'Frodo', text: 'He.' },
      ),
    );
    const { code, message } = await failure(readTranscript(path, lighthouse));
    expect(code).toBe('CHARACTER_UNKNOWN');
    expect(message).toContain('"Gandalf", "Frodo"');
  });

  it('is refused with the line that is no turn', async () => {
    const path = await file('c.jsonl', `${lines({ speaker: 'ADA', text: 'Hm.' })}{"speaker": "AD`);
    const { code, message, remedy } = await failure(readTranscript(path, lighthouse));
    expect(code).toBe('PLAY_UNREADABLE');
    expect(message).toContain('line 2');
    expect(remedy).toContain('speaker');
  });

  it('is refused if there is no file, nothing in it, or no text', async () => {
    expect((await failure(readTranscript(join(folder, 'none'), lighthouse))).code).toBe(
      'FILE_MISSING',
    );
    for (const text of [
      '',
      '\u0000\u0001\u0002',
      'Just a letter to nobody.',
      '{"role":"system","content":"x"}',
    ])
      expect((await failure(readTranscript(await file('d', text), lighthouse))).code).toBe(
        'PLAY_UNREADABLE',
      );
  });
});

describe('The measures of a transcript', () => {
  const turns = harbour.play.acts[0]!.scenes[0]!.elements.flatMap((element) =>
    element.kind === 'speech'
      ? [{ speaker: element.speakers[0]!, text: element.lines.join(' ') }]
      : [],
  );

  it('are those of the play for the play’s own words', () => {
    const measures = transcriptMeasures([turns], harbour.play);
    expect(measures).toMatchObject({ ABA: 0, empty: 0, 'turn Gini': 0 });
    expect(measures['voice, first third']).toBeGreaterThan(0.9);
    expect(Math.abs(measures['voice collapse']!)).toBeLessThan(0.1);
  });

  it('show voices that collapse into one', () => {
    const [last] = turns.filter(({ speaker }) => speaker === 'MARTA').slice(-1);
    const collapsed = turns.map((turn, i) =>
      i < turns.length / 2 ? turn : { speaker: turn.speaker, text: last!.text },
    );
    expect(transcriptMeasures([collapsed], harbour.play)['voice collapse']).toBeGreaterThan(0.3);
  });

  it('leave out what cannot be told', () => {
    const measures = transcriptMeasures([[{ speaker: 'VISITOR', text: 'Hm.' }]], harbour.play);
    expect(measures).not.toHaveProperty('ABA');
    expect(measures).not.toHaveProperty('voice collapse');
    expect(measures).toMatchObject({ 'words per turn': 1 });
  });
});
