import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenedPlay } from '../hub/plays.ts';
import { type DigestRow, writeDigestFile } from '../memory/digests/digest-file.ts';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import {
  lighthouseHash,
  lighthouseHeader,
  lighthouseRows,
} from '../testing/plays/lighthouse-digests.ts';
import { Dramatis } from './dramatis.ts';
import { openDigests } from './open-digests.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-digests-'));
let home: string;
let opened: OpenedPlay;
let dramatis: Dramatis;
let told: string[];

beforeEach(async () => {
  home = mkdtempSync(join(at, 'home-'));
  mkdirSync(join(home, 'digests'));
  const path = join(home, 'lighthouse.md');
  opened = { play: lighthouse, id: 'lighthouse', sha256: lighthouseHash, path };
  told = [];
  dramatis = await Dramatis.open({
    hub: { env: { DRAMATIS_HOME: home } },
    report: (event) => told.push(event.kind === 'warning' ? event.text : event.kind),
  });
});
afterAll(() => rmSync(at, { recursive: true }));

function write(name: string, rows: readonly DigestRow[] = lighthouseRows): string {
  const path = join(home, name);
  writeFileSync(path, writeDigestFile(lighthouseHeader, rows));
  return path;
}

describe('the digests of a play', () => {
  it('are those beside its file, else in the folder of digests under its hash or its name', async () => {
    const byName = write('digests/lighthouse.jsonl', lighthouseRows.slice(0, 1));
    expect(await openDigests(dramatis, opened)).toMatchObject({ path: byName });
    const byHash = write(`digests/${lighthouseHash}.jsonl`, lighthouseRows.slice(0, 2));
    expect(await openDigests(dramatis, opened)).toMatchObject({ path: byHash });
    const beside = write('lighthouse.digests.jsonl');
    const found = await openDigests(dramatis, opened);
    expect(found?.path).toBe(beside);
    expect(found?.digests).toHaveLength(lighthouseRows.length);
    expect(told).toEqual([]);
  });

  it('are said to be missing once, and are then undefined', async () => {
    expect(await openDigests(dramatis, opened)).toBeUndefined();
    expect(await openDigests(dramatis, opened)).toBeUndefined();
    expect(told).toEqual([expect.stringContaining('no digests of The Keeper of the Light')]);
  });

  it('are said to be missing once in a home, whatever program asks, and of each play', async () => {
    const report = (event: { kind: string }) => told.push(event.kind);
    const hub = { env: { DRAMATIS_HOME: home } };
    await openDigests(dramatis, opened);
    await openDigests(await Dramatis.open({ hub, report }), opened);
    expect(told).toHaveLength(1);
    await openDigests(await Dramatis.open({ hub, report }), { ...opened, sha256: 'c'.repeat(64) });
    expect(told).toHaveLength(2);
  });

  it('are refused with the file and the line if one is wrong', async () => {
    const path = write('lighthouse.digests.jsonl', [
      { ...lighthouseRows[0]!, witnesses: ['CLEO'] },
    ]);
    await expect(openDigests(dramatis, opened)).rejects.toMatchObject({
      code: 'DIGESTS_INVALID',
      message: expect.stringContaining(`${path}, line 2: CLEO is not on stage`),
    });
  });

  it('of another edition are used as far as they are found, and it is said what is not', async () => {
    const lost = { ...lighthouseRows[1]!, words: 'nobody ever says this' };
    write('lighthouse.digests.jsonl', [lighthouseRows[0]!, lost]);
    const other = { ...opened, sha256: 'c'.repeat(64) };
    expect((await openDigests(dramatis, other))?.digests).toHaveLength(1);
    expect(told).toEqual([expect.stringMatching(/^1 facts of .* are not in this edition/)]);
  });

  it('of the user that are of another play altogether are refused', async () => {
    write('lighthouse.digests.jsonl', [{ ...lighthouseRows[0]!, words: 'nobody ever says this' }]);
    const other = { ...opened, sha256: 'c'.repeat(64) };
    await expect(openDigests(dramatis, other)).rejects.toThrow('stands nowhere near 1.1.1');
  });
});
