import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readChecked, writeChecked } from './checked-file.ts';

const kind = { format: 'dramatis-test', version: 2 };
interface Head {
  readonly key: string;
  readonly rows: number[];
}
const head: Head = { key: 'née', rows: [3, 4] };
const parts = [Buffer.from('first\n'), Buffer.from([0, 1, 2, 255])];
const any = (): boolean => true;

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'dramatis-checked-')), 'deep/file.bin');
});

describe('a checked file', () => {
  it('gives back its head and its bytes', async () => {
    await writeChecked(path, kind, head, parts);
    const found = await readChecked<Head>(path, kind, ({ key }) => key === 'née');
    expect(found?.head).toEqual(head);
    expect(Buffer.concat(parts).equals(found!.data)).toBe(true);
  });

  it('may hold no bytes at all', async () => {
    await writeChecked(path, kind, head, []);
    expect((await readChecked<Head>(path, kind, any))?.data).toHaveLength(0);
  });

  it('is nothing where there is none, of another kind, of another version, or not wanted', async () => {
    expect(await readChecked(path, kind, any)).toBeUndefined();
    await writeChecked(path, kind, head, parts);
    expect(await readChecked(path, { ...kind, format: 'other' }, any)).toBeUndefined();
    expect(await readChecked(path, { ...kind, version: 1 }, any)).toBeUndefined();
    expect(await readChecked<Head>(path, kind, ({ key }) => key === 'nee')).toBeUndefined();
  });

  it('is nothing once a bit is flipped, or it is cut or longer, wherever that is', async () => {
    await writeChecked(path, kind, head, parts);
    const good = readFileSync(path);
    for (let at = 0; at < good.length; at++) {
      const flipped = Buffer.from(good);
      flipped[at]! ^= 1 << (at % 8);
      for (const bytes of [flipped, good.subarray(0, at)]) {
        writeFileSync(path, bytes);
        expect(await readChecked(path, kind, any), `byte ${at}`).toBeUndefined();
      }
    }
    writeFileSync(path, Buffer.concat([good, Buffer.from([0])]));
    expect(await readChecked(path, kind, any)).toBeUndefined();
  });
});
