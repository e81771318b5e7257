import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DramatisError } from '../errors.ts';
import { encodeZip } from './zip.test.support.ts';
import { zipMember } from './zip.ts';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'dramatis-zip-')), 'some.whl');
});

async function member(name: string, maxBytes?: number): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of zipMember(path, name, maxBytes)) parts.push(part);
  return Buffer.concat(parts).toString();
}

const long = 'Enter two gardeners, quarrelling. '.repeat(20_000);

describe('zipMember', () => {
  it('unpacks what is stored and what is deflated', async () => {
    writeFileSync(
      path,
      encodeZip([
        { name: 'a/stored.txt', content: 'as it is', method: 0 },
        { name: 'a/long.txt', content: long },
        { name: 'empty', content: '' },
        { name: 'ünï', content: 'named in UTF-8' },
      ]),
    );
    expect(await member('a/stored.txt')).toBe('as it is');
    expect(await member('a/long.txt')).toBe(long);
    expect(await member('empty')).toBe('');
    expect(await member('ünï')).toBe('named in UTF-8');
  });

  it('finds the directory behind a comment', async () => {
    const bytes = encodeZip([{ name: 'a', content: 'x' }]);
    bytes.writeUInt16LE(5, bytes.length - 2);
    writeFileSync(path, Buffer.concat([bytes, Buffer.from('hello')]));
    expect(await member('a')).toBe('x');
  });

  it('reads sizes and places of 64 bits', async () => {
    const [plain, wide] = [encodeZip([{ name: 'a', content: 'x', method: 0 }]), Buffer.alloc(28)];
    wide.writeUInt16LE(1, 0);
    wide.writeUInt16LE(24, 2);
    wide.writeBigUInt64LE(1n, 4);
    wide.writeBigUInt64LE(1n, 12);
    wide.writeBigUInt64LE(0n, 20);
    const at = plain.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    const entry = Buffer.from(plain.subarray(at, at + 47));
    entry.writeUInt32LE(0xffffffff, 20);
    entry.writeUInt32LE(0xffffffff, 24);
    entry.writeUInt32LE(0xffffffff, 42);
    entry.writeUInt16LE(wide.length, 30);
    const end = Buffer.from(plain.subarray(at + 47));
    end.writeUInt32LE(entry.length + wide.length, 12);
    writeFileSync(path, Buffer.concat([plain.subarray(0, at), entry, wide, end]));
    expect(await member('a')).toBe('x');
  });

  const refused: [what: string, bytes: Buffer, message: RegExp][] = [
    ['no archive', Buffer.from('<html>not here</html>'), /not a zip archive/],
    ['nothing', Buffer.alloc(0), /not a zip archive/],
    ['another member', encodeZip([{ name: 'b', content: 'x' }]), /no file called a/],
    ['a path that climbs', encodeZip([{ name: '../a', content: 'x' }]), /no file called a/],
    [
      'two of the name',
      encodeZip([
        { name: 'a', content: 'x' },
        { name: 'a', content: 'y' },
      ]),
      /2 files called a/,
    ],
    ['another packing', encodeZip([{ name: 'a', content: 'x', method: 12 }]), /packed in a way/],
    ['a cipher', encodeZip([{ name: 'a', content: 'x', claims: { flags: 1 } }]), /encrypted/],
    ['a wrong sum', encodeZip([{ name: 'a', content: 'x', claims: { crc32: 1 } }]), /a is damaged/],
    ['a bomb', encodeZip([{ name: 'a', content: long, claims: { bytes: 10 } }]), /unpacks to more/],
    [
      'fewer bytes than named',
      encodeZip([{ name: 'a', content: 'x', claims: { bytes: 9 } }]),
      /damaged/,
    ],
  ];
  it.each(refused)('refuses an archive with %s', async (_, bytes, message) => {
    writeFileSync(path, bytes);
    await expect(member('a')).rejects.toMatchObject({ code: 'FETCH_FAILED' });
    await expect(member('a')).rejects.toThrow(message);
  });

  it('refuses a member larger than it may be, before unpacking', async () => {
    writeFileSync(path, encodeZip([{ name: 'a', content: long }]));
    await expect(member('a', 1000)).rejects.toThrow(/more than 1000/);
  });

  it('answers any damage with the content or a DramatisError', async () => {
    const sound = encodeZip([
      { name: 'a', content: 'To the garden, then.' },
      { name: 'b', content: 'x', method: 0 },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sound.length - 1),
        fc.nat(255),
        fc.boolean(),
        async (at, value, isCut) => {
          const bytes = Buffer.from(isCut ? sound.subarray(0, at) : sound);
          if (!isCut) bytes[at] = value;
          writeFileSync(path, bytes);
          const found = await member('a').catch((error: unknown) => error);
          expect(found === 'To the garden, then.' || found instanceof DramatisError).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});
