import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decode } from './decode.ts';

const text = 'MÄRTA. “Où est la lampe?”\nBruno — ici.\n';
const bytes = (encoding: 'utf8' | 'utf16le', bom = ''): Uint8Array =>
  Buffer.from(bom + text, encoding);

describe('decode', () => {
  it('reads UTF-8 with and without a byte order mark, and UTF-16 with one', () => {
    expect(decode(bytes('utf8')).text).toBe(text);
    expect(decode(bytes('utf8', '\ufeff')).text).toBe(text);
    expect(decode(bytes('utf16le', '\ufeff')).text).toBe(text);
  });

  it('reads what is no UTF-8 as Windows-1252, declared or not', () => {
    const html = '<meta charset=iso-8859-1><p>Ophélie “là”';
    const single = Buffer.from(html.replace('“', '\x93').replace('”', '\x94'), 'latin1');
    expect(decode(single).text).toBe(html);
    expect(decode(Buffer.from('<p>Ophélie', 'latin1')).text).toBe('<p>Ophélie');
  });

  it('reads Russian letters of one byte each', () => {
    const russian = 'АННА. Где же лампа? МАРТА. Вот она, там.';
    for (const encoding of ['windows-1251', 'koi8-r'])
      expect(decode(iconv.encode(russian, encoding))).toMatchObject({ text: russian, encoding });
  });

  it('reads UTF-16 without a byte order mark, and UTF-32', () => {
    for (const encoding of ['utf16le', 'utf16be'])
      expect(decode(iconv.encode(text, encoding, { addBOM: false })).text).toBe(text);
    for (const encoding of ['utf-32le', 'utf-32be'])
      expect(decode(iconv.encode(text, encoding, { addBOM: true })).text).toBe(text);
  });

  it('tells the Russian encodings where most letters are capitals', () => {
    const russian = 'ДЕЙСТВИЕ ПЕРВОЕ\n\nЯВЛЕНИЕ I\n\nАННА. Где?\n';
    for (const encoding of ['windows-1251', 'koi8-r'])
      expect(decode(iconv.encode(russian, encoding))).toMatchObject({ text: russian, encoding });
  });

  it('reads letters of formulas as letters', () => {
    expect(decode(Buffer.from('𝗡𝗘𝗟𝗟: 𝘏𝘰?')).text).toBe('NELL: Ho?');
  });

  it('ends every line with a line feed', () => {
    expect(decode(Buffer.from('a\r\nb\rc\nd')).text).toBe('a\nb\nc\nd');
  });

  it('takes out a few NULs and says so', () => {
    const { text: clean, repairs } = decode(Buffer.from(`${'a lamp '.repeat(50)}\0\0`));
    expect(clean).not.toContain('\0');
    expect(repairs).toEqual(['took out 2 control or damaged characters']);
  });

  it('refuses nothing, too much, and what is not text', () => {
    expect(() => decode(new Uint8Array())).toThrow('empty');
    expect(() => decode(new Uint8Array(100))).toThrow('not text');
    expect(() => decode(new Uint8Array(65 * 1024 * 1024))).toThrow(
      'more than 67108864 are not read',
    );
  });
});
