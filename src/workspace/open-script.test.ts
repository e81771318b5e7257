import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { openScript } from './open-script.ts';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-script-'));
  path = join(folder, 'said.jsonl');
  const said = [
    { role: 'user', content: 'Begin.' },
    { speaker: 'ada', text: 'Where is the bell?' },
    { speaker: 'Ben', text: 'Sold.' },
  ];
  await writeFile(path, said.map((one) => JSON.stringify(one)).join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('openScript', () => {
  it('takes whoever speaks in a file, under the names of the cast, without the visitor', async () => {
    expect(await openScript(path, lighthouse, [])).toEqual({
      turns: [
        { who: 'ADA', text: 'Where is the bell?' },
        { who: 'BEN', text: 'Sold.' },
      ],
      speakers: ['ADA', 'BEN'],
    });
  });

  it('refuses turns of somebody who is not on the stage', async () => {
    await expect(openScript(path, lighthouse, ['ada', 'cleo'])).rejects.toThrow(/turns of BEN/);
    expect((await openScript(path, lighthouse, ['ada', 'ben', 'cleo'])).speakers).toHaveLength(2);
  });

  it('refuses somebody whom the play does not have', async () => {
    const strange = join(folder, 'strange.jsonl');
    await writeFile(strange, JSON.stringify({ speaker: 'Zoe', text: 'I.' }));
    await expect(openScript(strange, lighthouse, [])).rejects.toThrow(/nobody .* "Zoe"/);
  });
});
