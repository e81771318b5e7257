import { crc32c } from './crc32c.ts';

const head = '{"crc32c":"';
const middle = '","record":';
const recordStart = head.length + 8 + middle.length;

/** A record as a line of a journal, with its line end. @throws {TypeError} If JSON cannot have it. */
export function encodeLine(record: unknown): Uint8Array {
  const json: string | undefined = JSON.stringify(record);
  if (json === undefined) throw new TypeError('a journal record must be a JSON value');
  const crc = crc32c(Buffer.from(json)).toString(16).padStart(8, '0');
  return Buffer.from(`${head}${crc}${middle}${json}}\n`);
}

/** The record's JSON in a line without its newline; undefined if a single bit of the line is wrong. */
export function decodeLine(line: Buffer): string | undefined {
  const json = line.subarray(recordStart, -1);
  const crc = crc32c(json).toString(16).padStart(8, '0');
  const prefix = line.subarray(0, recordStart).toString('latin1');
  const whole = prefix === `${head}${crc}${middle}` && line.at(-1) === 0x7d && json.length > 0;
  return whole ? json.toString('utf8') : undefined;
}
