import { mkdtempSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bytesOfFiles, fileStamp } from './file-stamp.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-stamp-'));
const paths = ['a', 'b'].map((name) => join(folder, name));
for (const [i, path] of paths.entries()) {
  writeFileSync(path, '');
  truncateSync(path, 10 + i);
}
const missing = join(folder, 'c');

it('counts all files of a model that are here', async () => {
  expect(await bytesOfFiles(paths)).toBe(21);
  expect(await bytesOfFiles([...paths, missing])).toBe(21);
});

it('stamps files anew when one of them was changed, or is gone', async () => {
  const before = await fileStamp(paths);
  expect(await fileStamp(paths)).toBe(before);
  utimesSync(paths[1]!, 1, 1);
  expect(await fileStamp(paths)).not.toBe(before);
  expect(await fileStamp([missing])).toBe(JSON.stringify([missing]));
});
