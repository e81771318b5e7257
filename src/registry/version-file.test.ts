import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdapterVersion } from './version.ts';
import { decodeVersion, encodeVersion } from './version-file.ts';

const sha256 = `0123456789ab${'c'.repeat(52)}`;
const version = {
  id: sha256.slice(0, 12),
  sha256,
  character: 'MIRA',
  note: 'née “Odo” \u0001',
  norms: { attn_q: 1e21, ffn_up: 0.1 },
} as unknown as AdapterVersion;
const whole = encodeVersion(version);

describe('version.json', () => {
  it('reads back as it was written', () => {
    expect(decodeVersion(whole)).toEqual(version);
    expect(whole.toString().match(/\n/g)).toHaveLength(1);
  });

  it('with any byte changed, cut or added is damaged, also where JSON does not mind', () => {
    for (let at = 0; at < whole.length; at++) {
      for (const bit of [0x01, 0x20]) {
        const flipped = Buffer.from(whole);
        flipped[at]! ^= bit; // 0x20 turns e21 into E21, which is the same number
        expect(decodeVersion(flipped), `byte ${at}`).toHaveProperty('fault');
      }
      expect(decodeVersion(whole.subarray(0, at))).toHaveProperty('fault');
    }
    expect(decodeVersion(Buffer.concat([whole, Buffer.from(' ')]))).toHaveProperty('fault');
  });

  it('made of anything else is damaged, never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(decodeVersion(Buffer.from(text))).toHaveProperty('fault');
      }),
    );
    const nobody = '{"format":"dramatis-adapter","formatVersion":1,"sha256":"0","version":null}\n';
    expect(decodeVersion(Buffer.from(nobody))).toHaveProperty('fault');
  });

  it('of a newer format is refused as such', () => {
    const newer = whole.toString().replace('"formatVersion":1', '"formatVersion":2');
    expect(decodeVersion(Buffer.from(newer))).toEqual({
      fault: 'it was written by a newer Dramatis: version 2',
    });
  });
});
