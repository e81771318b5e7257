import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sweepTemporaries, temporaryPath } from './temporary.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-temporary-'));
});

describe('sweepTemporaries', () => {
  it('removes the temporary files of dead processes of this host only', async () => {
    const mine = temporaryPath(join(folder, 'a'));
    const dead = mine.replace(`-${process.pid}-`, '-4194305-');
    const elsewhere = join(folder, '.a.otherhost-4194305-0123456789ab.tmp');
    const bystander = join(folder, 'notes.tmp');
    for (const path of [mine, dead, elsewhere, bystander]) writeFileSync(path, '');
    const work = temporaryPath(join(folder, 'work')).replace(`-${process.pid}-`, '-4194305-');
    mkdirSync(join(work, 'deeper'), { recursive: true });
    expect(await sweepTemporaries(folder)).toHaveLength(2);
    expect(readdirSync(folder)).toHaveLength(3);
    expect(await sweepTemporaries(join(folder, 'absent'))).toEqual([]);
  });
});
