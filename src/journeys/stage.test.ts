import { existsSync } from 'node:fs';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { home } from '../testing/home.ts';
import { dramatis, folder, json } from './dramatis.ts';

interface Event {
  readonly n: number;
  readonly kind: string;
  readonly who?: string;
  readonly text?: string;
}

describe('Four characters', () => {
  it('talk among themselves; what they said is kept, checked, exported, forked and gone on with', async () => {
    await using at = await folder();
    for (const part of ['models', 'plays', 'cache', 'indices'])
      if (existsSync(join(home, part))) await symlink(join(home, part), join(at.path, part));
    const env = { DRAMATIS_HOME: at.path };
    const stage = (...args: string[]) => dramatis(['stage', ...args], { env });

    const four = ['hamlet', 'ophelia', 'claudius', 'gertrude', '--at', '3.1'];
    const played = await stage(...four, '--turns', '4', '--seed', '1', '--gpu', 'off', '--json');
    expect(played.code).toBe(0);
    expect(played.err).toMatch(/^Begins at 3\.1\.\d+ of "Hamlet"/);
    const id = /Kept as ([0-9a-f]{6}): "dramatis stage replay \1"/.exec(played.err)![1]!;
    const events = played.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
    expect(events.map(({ n }) => n)).toEqual(events.map((_, i) => i + 1));
    expect(events.filter(({ kind }) => kind === 'turn')).toHaveLength(4 + 2); // two of the play
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'turns' });
    const [file] = await readdir(join(at.path, 'conversations'));
    const journal = await readFile(join(at.path, 'conversations', file!), 'utf8');
    const records = journal
      .trim()
      .split('\n')
      .map((line) => JSON.stringify(JSON.parse(line).record));
    expect(records.join('\n')).toBe(played.out.trim());

    const listed = await json<readonly object[]>(['stage', 'list'], { env });
    expect(listed).toMatchObject([{ id, play: 'hamlet', turns: 4, standing: 'ended (turns)' }]);
    const derived = await stage('replay', id, '--check', 'derive');
    expect(derived).toMatchObject({ code: 0, out: expect.stringMatching(/view \d+/) });
    expect(derived.out).toContain('All of them are as they were written down.');
    const fountain = await stage('export', id, '--to', 'fountain');
    expect(fountain.out).toMatch(/^\.3\.1 A ROOM IN THE CASTLE$/m);

    const turns = events.filter(({ kind }) => kind === 'turn');
    const cut = ['fork', id, '--at', String(turns[3]!.n), '--seed', '2'];
    const forked = await json<{ id: string }>(['stage', ...cut], { env });
    const resumed = await stage('resume', forked.id, '--turns', '1', '--gpu', 'off');
    expect(resumed.code).toBe(0);
    expect(resumed.out.trim().split('\n')).toHaveLength(1);
    const diff = await stage('diff', id, forked.id);
    expect(diff.out).toContain('seed: 1 | 2');
    expect(diff.out).toContain('The first 4 turns are the same.');
    const checked = await stage('replay', forked.id, '--check', 'derive');
    expect(checked.out).toContain('All of them are as they were written down.');
  });
});
