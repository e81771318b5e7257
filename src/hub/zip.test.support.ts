import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipFile {
  readonly name: string;
  readonly content: Uint8Array | string;
  /** 8 by default: deflated. */
  readonly method?: number;
  /** What the directory says instead of the truth. */
  readonly claims?: { readonly bytes?: number; readonly crc32?: number; readonly flags?: number };
}

/** A zip archive, put together by hand. */
export function encodeZip(files: readonly ZipFile[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, method = 8, claims = {} } of files) {
    const plain = Buffer.from(content);
    const packed = method === 8 ? deflateRawSync(plain) : plain;
    const title = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(title.length, 26);
    local.writeUInt16LE(4, 28); // an extra field, as some writers put only here
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(claims.flags ?? 0, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(claims.crc32 ?? crc32(plain), 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(claims.bytes ?? plain.length, 24);
    entry.writeUInt16LE(title.length, 28);
    entry.writeUInt32LE(offset, 42);
    // Python's reader, which pip uses, compares the two headers.
    local.writeUInt16LE(method, 8);
    entry.copy(local, 14, 16, 28);
    locals.push(local, title, Buffer.alloc(4), packed);
    directory.push(entry, title);
    offset += 30 + title.length + 4 + packed.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, entries, end]);
}

/** A Python wheel with these files, which pip takes from a folder: its file name and its bytes. */
export function encodeWheel(
  name: string,
  version: string,
  files: readonly ZipFile[],
): { name: string; bytes: Buffer } {
  const info = `${name.replaceAll('-', '_')}-${version}.dist-info`;
  const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`;
  const wheel = 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n';
  const bytes = encodeZip([
    ...files,
    { name: `${info}/METADATA`, content: metadata },
    { name: `${info}/WHEEL`, content: wheel },
    { name: `${info}/RECORD`, content: '' },
  ]);
  return { name: `${name.replaceAll('-', '_')}-${version}-py3-none-any.whl`, bytes };
}
