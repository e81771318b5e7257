import { mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { sweepTemporaries, temporaryPath } from './temporary.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-temporary-'));
});

/** The name that a process with an id beyond the largest of Linux would have given. */
const asOfDeadProcess = (path: string): string => path.replace(`-${process.pid}-`, '-4194305-');

describe('sweepTemporaries', () => {
  it('removes the temporary files of dead processes of this host only', async () => {
    const mine = temporaryPath(join(folder, 'a'));
    const dead = asOfDeadProcess(mine);
    const elsewhere = join(folder, '.a.otherhost-4194305-0123456789ab.tmp');
    const bystander = join(folder, 'notes.tmp');
    for (const path of [mine, dead, elsewhere, bystander]) writeFileSync(path, '');
    const work = asOfDeadProcess(temporaryPath(join(folder, 'work')));
    mkdirSync(join(work, 'deeper'), { recursive: true });
    expect(await sweepTemporaries(folder)).toHaveLength(2);
    expect(readdirSync(folder)).toHaveLength(3);
    expect(await sweepTemporaries(join(folder, 'absent'))).toEqual([]);
  });

  it('leaves those of another container of this host, until nobody has written to them for a day', async () => {
    const [host] = temporaryPath(join(folder, 'a')).match(/(?<=\.a\.)[^-]+/)!;
    const fresh = join(folder, `.a.${host}-00000000-2-17-0123456789ab.tmp`);
    const former = join(folder, `.a.${host}-4194305-0123456789ab.tmp`); // before tables were named
    const old = join(folder, `.b.${host}-00000000-2-17-0123456789ab.tmp`);
    for (const path of [fresh, former, old]) writeFileSync(path, '');
    const yesterday = Date.now() / 1000 - 25 * 3600;
    utimesSync(old, yesterday, yesterday);
    expect(await sweepTemporaries(folder)).toEqual([basename(old)]);
  });

  it('leaves those of another host, until nobody has written to them for a week', async () => {
    const name = (ending: string) => join(folder, `.a.pod7-00000000-2-17-0123456789${ending}.tmp`);
    for (const ending of ['aa', 'bb']) writeFileSync(name(ending), '');
    const longAgo = Date.now() / 1000 - 8 * 24 * 3600;
    utimesSync(name('bb'), longAgo, longAgo);
    expect(await sweepTemporaries(folder)).toEqual([basename(name('bb'))]);
  });
});
