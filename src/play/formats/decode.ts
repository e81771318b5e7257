import iconv from 'iconv-lite';
import { DramatisError } from '../../errors.ts';

/** How far to look for an encoding declaration or the signs of a binary file, in bytes. */
const headBytes = 4096;
/** More than every play of the language together; a text beyond it is something else. */
const maxBytes = 64 * 1024 * 1024;
/** Above this share of control characters a file is taken for binary. */
const binaryShare = 0.02;
/** Shares of zero bytes by which UTF-16 is told: of the upper bytes at least so many, of the lower ones fewer. */
const mostShare = 0.6;
const noneShare = 0.05;

/** "WEBVTT", or a number, a stretch of time and words. */
const subtitles =
  /^\ufeff?\s*(?:WEBVTT\b|\d+\r?\n\d{1,2}:\d\d:\d\d[,.]\d{3} --> \d{1,2}:\d\d:\d\d)/;

/** A text and how it was read: the name of the encoding, and what had to be repaired. */
export interface Decoded {
  readonly text: string;
  readonly encoding: string;
  readonly repairs: readonly string[];
}

/**
 * Bytes to text with "\n" line ends: by byte order mark, by declaration, else as UTF-8, else as Windows-1252, or 1251 or KOI8-R for Russian letters.
 *
 * NULs and other control characters are taken out and counted in `repairs`.
 *
 * @throws {DramatisError} PLAY_UNREADABLE if there is nothing in it, or it is not text at all.
 */
export function decode(bytes: Uint8Array): Decoded {
  if (bytes.length === 0) throw new DramatisError('PLAY_UNREADABLE', 'the text is empty');
  if (bytes.length > maxBytes)
    throw new DramatisError(
      'PLAY_UNREADABLE',
      `the text has ${bytes.length} bytes; more than ${maxBytes} are not read`,
    );
  const other = documentKind(bytes);
  if (other)
    throw new DramatisError('PLAY_UNREADABLE', `this is ${other}, not text`, {
      remedy:
        'Open it in the program that made it, save it as plain text (.txt), and give that file.',
    });
  const { text: raw, encoding } = readText(bytes);
  if (subtitles.test(raw))
    throw new DramatisError('PLAY_UNREADABLE', 'these are subtitles, which do not say who speaks');
  const controls = countControls(raw);
  if (controls > binaryShare * raw.length)
    throw new DramatisError(
      'PLAY_UNREADABLE',
      `this is not text: ${controls} of ${raw.length} characters are control characters`,
    );
  const repairs = controls > 0 ? [`took out ${controls} control or damaged characters`] : [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const clean = controls > 0 ? raw.replace(/[\0-\x08\x0e-\x1f\x7f\ufffd]/g, '') : raw;
  // One form for every letter: "é" may be stored as one character or as two.
  const composed = clean
    .normalize('NFC')
    .replace(/[\ufeff\u00ad\u200b\u2060\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    // Blanks that only keep words together, and the wide colon of East Asian keyboards.
    .replace(/[\u00a0\u2007\u202f]/g, ' ')
    .replace(/：/g, ':')
    // Letters of formulas, which some set names in for the look of them.
    .replace(/[\u{1d400}-\u{1d7ff}]+/gu, (letters) => letters.normalize('NFKC'));
  return { text: composed.replace(/\r\n?|[\u2028\u2029\x85\f\v]/g, '\n'), encoding, repairs };
}

/** What a file is that holds text in a form of its own, by its first bytes; undefined for any other. */
function documentKind(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, headBytes)).toString('latin1');
  if (head.startsWith('%PDF')) return 'a PDF file';
  if (head.startsWith('{\\rtf')) return 'a rich text file (.rtf)';
  if (head.startsWith('\xd0\xcf\x11\xe0')) return 'a Word document of the old kind (.doc)';
  if (!head.startsWith('PK\x03\x04')) return undefined;
  if (head.includes('application/epub+zip')) return 'an e-book (.epub)';
  if (head.includes('opendocument.text')) return 'an OpenDocument text (.odt)';
  if (/\[Content_Types\]\.xml|word\//.test(head)) return 'a Word document (.docx)';
  return 'an archive (.zip)';
}

/** NULs, other control characters but white space, and the marks of undecodable bytes. */
function countControls(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 9 || (code > 13 && code < 32) || code === 127 || code === 0xfffd) count++;
  }
  return count;
}

/** Bytes to text as they stand, in the encoding that fits: see `decode`, which also evens the text out. */
export function readText(bytes: Uint8Array): { text: string; encoding: string } {
  const wide = wideEncoding(bytes);
  if (wide) return { text: strip(iconv.decode(Buffer.from(bytes), wide)), encoding: wide };
  const marked = byteOrderMark(bytes);
  if (marked) return { text: strip(new TextDecoder(marked).decode(bytes)), encoding: marked };
  const declared = declaration(bytes);
  if (declared && !/^utf-?8$/i.test(declared) && iconv.encodingExists(declared))
    return { text: iconv.decode(Buffer.from(bytes), declared), encoding: declared };
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
    return { text, encoding: 'utf-8' };
  } catch {
    // Not UTF-8: the other encodings that play texts are found in have a character for every byte.
    const encoding = cyrillic(bytes) ?? 'windows-1252';
    return { text: iconv.decode(Buffer.from(bytes), encoding), encoding };
  }
}

/** The Russian encoding of a text most letters of which are beyond ASCII; undefined for one of Latin letters. */
function cyrillic(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, 65_536);
  const count = (from: number, to: number): number =>
    head.reduce((sum, byte) => sum + (byte >= from && byte <= to ? 1 : 0), 0);
  if (count(0xc0, 0xff) <= count(0x41, 0x5a) + count(0x61, 0x7a)) return undefined;
  // Each encoding has its small letters where the other has the capitals: a capital begins a word of small ones.
  const oddities = (encoding: string): number =>
    iconv.decode(Buffer.from(head), encoding).match(/\p{Ll}\p{Lu}/gu)?.length ?? 0;
  return oddities('windows-1251') <= oddities('koi8-r') ? 'windows-1251' : 'koi8-r';
}

/** UTF-32 with its mark, and UTF-16 without one: every second byte of an ordinary letter is nothing. */
function wideEncoding(bytes: Uint8Array): string | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return 'utf-32le';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  const head = bytes.subarray(0, headBytes);
  if (byteOrderMark(bytes) || head.length < 4) return undefined;
  const nothing = [0, 0];
  head.forEach((byte, i) => {
    if (byte === 0) nothing[i % 2]!++;
  });
  const half = head.length / 2;
  if (nothing[0]! < half * noneShare && nothing[1]! > half * mostShare) return 'utf-16le';
  return nothing[1]! < half * noneShare && nothing[0]! > half * mostShare ? 'utf-16be' : undefined;
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

const strip = (text: string): string => text.replace(/^\ufeff/, '');

/** The encoding that the head of an XML or HTML file, or of a Gutenberg text, names. */
function declaration(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, headBytes)).toString('latin1');
  const found =
    /<\?xml[^>]{0,200}encoding\s*=\s*["']([\w-]+)/i.exec(head) ??
    /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(head) ??
    /^Character set encoding:\s*([\w-]+)/im.exec(head);
  const name = found?.[1];
  // Latin-1 in the wild is Windows-1252: the same letters, and quotes where Latin-1 has controls.
  return name && /^(?:iso[-_]?8859-1|latin-?1|us-ascii|ascii)$/i.test(name) ? 'windows-1252' : name;
}
