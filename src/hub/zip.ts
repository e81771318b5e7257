import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { DramatisError } from '../errors.ts';
import { openFile } from '../store/open-file.ts';

/** A file inside an archive, as the archive's directory describes it. */
interface Member {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly crc32: number;
  /** Where its local header starts. */
  readonly offset: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const end64LocatorSignature = 0x07064b50;
const memberSignature = 0x02014b50;
const localSignature = 0x04034b50;
const maxDirectoryBytes = 64 << 20;

/**
 * The bytes of one file in a zip archive, such as a Python wheel, a piece at a time.
 *
 * The member is found by its exact name and nothing is written anywhere, so no name in the archive can
 * lead outside a folder; and never more bytes come than its directory says, so no bomb goes off.
 *
 * @param name     Path inside the archive, with forward slashes.
 * @param maxBytes The most the member may hold.
 * @throws {DramatisError} FETCH_FAILED if the archive is damaged or has no such member.
 */
export async function* zipMember(
  archive: string,
  name: string,
  maxBytes = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<Uint8Array, void> {
  const fail = (reason: string): never => {
    throw new DramatisError('FETCH_FAILED', `${archive}: ${reason}`);
  };
  await using file = await openFile(archive, 'r');
  const { size } = await file.stat();
  const matching = (await readDirectory(file, size, fail)).filter((member) => member.name === name);
  if (matching.length > 1) fail(`it has ${matching.length} files called ${name}`);
  const member = matching[0] ?? fail(`it has no file called ${name}`);
  if (member.bytes > maxBytes) fail(`${name} has ${member.bytes} bytes, more than ${maxBytes}`);

  const start = await dataStart(file, member, fail);
  if (start + member.packedBytes > size) fail(`${name} goes on beyond the end of the archive`);
  const packed = file.createReadStream({
    start,
    end: start + member.packedBytes - 1,
    autoClose: false,
    highWaterMark: 1 << 18,
  });
  const stream: Readable =
    member.packedBytes === 0
      ? Readable.from([])
      : member.method === 0
        ? packed
        : packed.pipe(createInflateRaw({ chunkSize: 1 << 18 }));
  let bytes = 0;
  let sum = 0;
  try {
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > member.bytes)
        fail(`${name} unpacks to more than the ${member.bytes} bytes it names`);
      sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      fail(`${name} cannot be unpacked: ${error.message}`);
    }
    throw error;
  } finally {
    packed.destroy();
    stream.destroy();
  }
  if (bytes !== member.bytes || sum !== member.crc32) fail(`${name} is damaged`);
}

type Fail = (reason: string) => never;

async function readDirectory(file: FileHandle, size: number, fail: Fail): Promise<Member[]> {
  const { offset, bytes, count } = await findDirectory(file, size, fail);
  if (bytes > maxDirectoryBytes || offset + bytes > size) fail('its directory is damaged');
  const directory = await readAt(file, offset, bytes);
  const members: Member[] = [];
  for (let at = 0, n = 0; n < count; n++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== memberSignature) {
      fail('its directory is damaged');
    }
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30);
    const commentBytes = directory.readUInt16LE(at + 32);
    const next = at + 46 + nameBytes + extraBytes + commentBytes;
    if (next > directory.length) fail('its directory is damaged');
    members.push(parseMember(directory.subarray(at, next), nameBytes, extraBytes));
    at = next;
  }
  return members;
}

function parseMember(record: Buffer, nameBytes: number, extraBytes: number): Member {
  const extra = record.subarray(46 + nameBytes, 46 + nameBytes + extraBytes);
  const wide = wideFields(extra);
  const field = (at: number): number => {
    const value = record.readUInt32LE(at);
    return value === 0xffffffff ? (wide.shift() ?? value) : value;
  };
  const bytes = field(24); // the wide fields stand in this order
  const packedBytes = field(20);
  const offset = field(42);
  return {
    name: record.toString('utf8', 46, 46 + nameBytes),
    method: record.readUInt16LE(8) & 1 ? -1 : record.readUInt16LE(10), // bit 0: encrypted
    packedBytes,
    bytes,
    crc32: record.readUInt32LE(16),
    offset,
  };
}

/** The 64-bit fields that stand in for those of 32 bits that are full. */
function wideFields(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const bytes = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      const count = Math.floor(Math.min(bytes, extra.length - at - 4) / 8);
      return Array.from({ length: count }, (_, i) => Number(extra.readBigUInt64LE(at + 4 + i * 8)));
    }
    at += 4 + bytes;
  }
  return [];
}

/** The directory is found from the end: after it comes a record of 22 bytes and a comment. */
async function findDirectory(
  file: FileHandle,
  size: number,
  fail: Fail,
): Promise<{ offset: number; bytes: number; count: number }> {
  const tailBytes = Math.min(size, 22 + 0xffff);
  const tail = await readAt(file, size - tailBytes, tailBytes);
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== endSignature) at--;
  if (at < 0) fail('it is not a zip archive, or it is cut');
  const found = {
    count: tail.readUInt16LE(at + 10),
    bytes: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  const isWide =
    found.count === 0xffff || found.bytes === 0xffffffff || found.offset === 0xffffffff;
  if (!isWide || at < 20 || tail.readUInt32LE(at - 20) !== end64LocatorSignature) return found;
  const record = await readAt(file, Number(tail.readBigUInt64LE(at - 20 + 8)), 56);
  if (record.length < 56 || record.readUInt32LE(0) !== end64Signature) {
    return fail('its directory is damaged');
  }
  return {
    count: Number(record.readBigUInt64LE(32)),
    bytes: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}

/** The local header repeats the name and has an extra field of its own length. */
async function dataStart(file: FileHandle, member: Member, fail: Fail): Promise<number> {
  if (member.method !== 0 && member.method !== 8) {
    fail(`${member.name} is encrypted or packed in a way that cannot be read`);
  }
  const local = await readAt(file, member.offset, 30);
  if (local.length < 30 || local.readUInt32LE(0) !== localSignature) {
    fail(`${member.name} is not where the directory says`);
  }
  return member.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
