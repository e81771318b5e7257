import { describe, expect, it } from 'vitest';
import { lighthouse } from '../../testing/plays/lighthouse.ts';
import { lighthouseHeader, lighthouseRows } from '../../testing/plays/lighthouse-digests.ts';
import { checkDigests } from './check-digests.ts';
import type { DigestFault } from './digest.ts';
import { type DigestRow, parseDigestFile, writeDigestFile } from './digest-file.ts';

const check = (rows: readonly DigestRow[]) =>
  checkDigests(parseDigestFile(writeDigestFile(lighthouseHeader, rows)), lighthouse);

/** The faults of the lighthouse's second digest, ADA's soliloquy, with some fields changed. */
function faultsWith(changed: Partial<DigestRow>): readonly DigestFault[] {
  return check([{ ...lighthouseRows[1]!, ...changed }]).faults;
}

const only = (faults: readonly DigestFault[]): DigestFault => {
  expect(faults).toHaveLength(1);
  return faults[0]!;
};

describe('a digest file', () => {
  it('is read whole, with who knows each fact from when on', () => {
    const { digests, faults } = check(lighthouseRows);
    expect(faults).toEqual([]);
    expect(digests.map(({ id }) => id)).toEqual(['1.1-1', '1.1-2', '1.2-1', '1.2-2']);
    expect([...digests[2]!.known]).toEqual([
      ['BEN', { way: 'witnessed', at: { act: 1, scene: 1 } }],
      [
        'CLEO',
        {
          way: 'told',
          at: { act: 1, scene: 2, line: 1 },
          by: { key: 'BEN', name: 'Ben', members: ['BEN'] },
        },
      ],
    ]);
    expect([...digests[3]!.known.keys()]).toEqual(['CLEO', 'BEN', 'ADA']);
  });

  it('names the line of each fault, and what to do about it', () => {
    const rows = [lighthouseRows[0]!, { ...lighthouseRows[1]!, words: 'a golden bell' }];
    expect(check(rows)).toMatchObject({
      digests: [{ id: '1.1-1' }],
      faults: [
        {
          line: 3,
          message: '"a golden bell" stands in no line from 1.1.4 to 1.1.4',
          remedy: expect.stringContaining('as printed'),
        },
      ],
    });
  });

  it('keeps the questions that a fact answers, and refuses what is no question', () => {
    const asks = ['What did {ADA} see?', 'Whom had {BEN} cheated?'];
    const { digests, faults } = check([{ ...lighthouseRows[1]!, asks }]);
    expect(faults).toEqual([]);
    expect(digests[0]!.asks.map(({ about }) => about.map(({ key }) => key))).toEqual([
      ['ADA'],
      ['BEN'],
    ]);
    expect(only(faultsWith({ asks: ['{ADA} was sad.'] })).message).toContain('is no question');
    expect(only(faultsWith({ asks: ['Why {ADA:was} sad?'] })).message).toContain('no placeholder');
    expect(only(faultsWith({ asks: ['Why was {EVE} sad?'] })).message).toContain('"EVE"');
  });

  it('refuses somebody who is not in the cast, and suggests who is', () => {
    const fault = only(
      faultsWith({ text: '{ADA} knew that {BENN} had sold the bell.', about: ['ADA', 'BENN'] }),
    );
    expect(fault.message).toContain('nobody in "The Keeper of the Light" is called "BENN"');
    expect(fault.message).toContain('BEN');
  });

  it('refuses a place that is not in the play', () => {
    expect(only(faultsWith({ from: '1.1.40' })).message).toBe(
      '"from" is 1.1.40, and there is no such line; 1.1 has lines 1 to 5',
    );
    expect(only(faultsWith({ from: '7.1.1' })).message).toContain('the play has no scene 7.1');
    expect(only(faultsWith({ from: 'soon' })).message).toBe('"soon" is not a place in a play');
    expect(only(faultsWith({ end: '1.1.3' })).message).toBe(
      '1.1.3 does not follow 1.1.4 in its scene',
    );
    expect(only(faultsWith({ offstage: '4.4' })).message).toContain('"offstage" is 4.4');
  });

  it('refuses a witness who was not on stage, unless it happened elsewhere', () => {
    expect(only(faultsWith({ witnesses: ['BEN'] })).message).toBe(
      'BEN is not on stage from 1.1.4 to 1.1.4; there are ADA',
    );
    expect(faultsWith({ witnesses: ['BEN'], offstage: '1.1' })).toEqual([]);
  });

  it('refuses one of several witnesses who act as one if any of them is away', () => {
    expect(only(faultsWith({ witnesses: ['ADA', 'THE TWO'] })).message).toBe(
      'THE TWO (CLEO, BEN) is not on stage from 1.1.4 to 1.1.4; there are ADA',
    );
  });

  it('refuses a witness who is nobody of the cast', () => {
    expect(only(faultsWith({ witnesses: ['ADA', 'MOTHER'] })).message).toBe(
      'MOTHER is not in the cast and can know nothing',
    );
  });

  it('refuses a fact that nobody knows', () => {
    expect(only(faultsWith({ witnesses: [] })).message).toContain('nobody knows it');
  });

  it('refuses somebody told where they are not, or before it happens', () => {
    const told = (who: string, at: string) => faultsWith({ told: [{ who, at }] });
    expect(only(told('CLEO', '1.1.4')).message).toBe(
      'CLEO is told at 1.1.4, and is not on stage there',
    );
    expect(only(told('BEN', '1.1.3')).message).toBe(
      'BEN is told at 1.1.3, before it happens at 1.1.4',
    );
    expect(told('BEN', '1.2')).toEqual([]);
    expect(told('CLEO', '1.1')).toEqual([]);
    expect(only(told('ADA', '1.2')).message).toContain('not on stage');
  });

  it('refuses a text that names nobody, or names them as plain words', () => {
    expect(only(faultsWith({ text: 'The bell was sold to a smuggler.', about: [] })).message).toBe(
      '"text" names nobody',
    );
    const bare = { text: '{ADA} knew that Ben had sold it.', about: ['ADA'], offstage: '1.1' };
    expect(only(faultsWith({ ...bare, witnesses: ['ADA', 'BEN'] })).message).toBe(
      '"Ben" stands in the text as a plain word',
    );
    expect(faultsWith({ ...bare, text: '{ADA} knew of the Bender and Benny.' })).toEqual([]);
  });

  it('refuses an "about" that is not who the text names, in order', () => {
    expect(only(faultsWith({ about: ['BEN', 'ADA', 'MOTHER'] }))).toEqual({
      line: 2,
      message: '"about" is BEN, ADA, MOTHER, and the text names ADA, BEN, MOTHER',
      remedy: 'Write "about":["ADA","BEN","MOTHER"].',
    });
  });

  it('refuses a form of placeholder that there is none', () => {
    const odd = (text: string) => only(faultsWith({ text, about: ['ADA'] })).message;
    expect(odd('{ADA} lost {ADA:whose} silver bell.')).toBe('"{ADA:whose}" is no placeholder');
    expect(odd('{ADA} lost {ADA:a/b/c} silver bell.')).toBe('"{ADA:a/b/c}" is no placeholder');
    expect(odd('{ADA} lost the {silver bell.')).toBe('"{silver bell." is no placeholder');
  });

  it('refuses no sentence, half a sentence, and two in one', () => {
    const about = ['ADA'];
    expect(only(faultsWith({ text: '{ADA} slept.', about })).message).toBe('"text" has 2 words');
    expect(only(faultsWith({ text: '{ADA} lost the bell', about })).message).toContain('end as a');
    const long = `{ADA} lost ${'and lost '.repeat(20)}it.`;
    expect(only(faultsWith({ text: long, about })).message).toBe('"text" has 43 words');
  });

  it('refuses a quotation of one word or of many', () => {
    expect(only(faultsWith({ words: 'brother' })).message).toBe('"words" has 1 words');
    expect(
      only(faultsWith({ words: 'my brother sold the silver bell and thinks I do not' })).message,
    ).toBe('"words" has 11 words');
  });

  it('compares words without capitals and marks', () => {
    expect(faultsWith({ words: 'MY BROTHER, sold the silver-bell' })).toHaveLength(1);
    expect(faultsWith({ words: 'MY BROTHER… sold' })).toEqual([]);
  });

  it('refuses the same id twice, and digests out of order', () => {
    const [one, two] = lighthouseRows;
    expect(only(check([one!, { ...two!, id: '1.1-1' }]).faults).message).toContain('given twice');
    expect(only(check([two!, one!]).faults).message).toBe(
      '1.1.1 comes before 1.1.4, the place of "1.1-2" above it',
    );
  });
});

describe('a line of a digest file', () => {
  const faultOf = (line: string): DigestFault =>
    only(parseDigestFile(`${JSON.stringify(lighthouseHeader)}\n\n${line}\n`).faults);

  it('must be a JSON object with the fields of a digest', () => {
    expect(faultOf('{"id":').message).toContain('not JSON');
    expect(faultOf('[1]').message).toBe('not a JSON object');
    const { words: _, ...without } = lighthouseRows[0]!;
    expect(faultOf(JSON.stringify(without))).toEqual({
      line: 3,
      message: '"words" is missing',
      remedy: 'Give a text for "words".',
    });
    const wrong = { ...lighthouseRows[0]!, about: 'ADA' };
    expect(faultOf(JSON.stringify(wrong)).message).toBe('"about" is "ADA"');
    const told = { ...lighthouseRows[0]!, told: [{ who: 'CLEO' }] };
    expect(faultOf(JSON.stringify(told)).message).toBe('"at" is missing');
    const odd = { ...lighthouseRows[0]!, witness: ['ADA'] };
    expect(faultOf(JSON.stringify(odd)).message).toBe('there is no field "witness"');
  });

  it('must be a header if it is the first', () => {
    expect(only(parseDigestFile('').faults).message).toBe('the file is empty');
    expect(only(parseDigestFile('{"format":"other"}').faults)).toMatchObject({
      line: 1,
      message: 'no header: "format" is "other"',
    });
    const later = JSON.stringify({ ...lighthouseHeader, version: 2 });
    expect(only(parseDigestFile(later).faults).message).toContain('reads version 1');
  });

  it('keeps what a draft says of its origin', () => {
    const source = { model: 'm', prompt: '1', scene: 'b'.repeat(64) };
    const row = { ...lighthouseRows[0]!, source };
    expect(parseDigestFile(writeDigestFile(lighthouseHeader, [row])).rows[0]!.row).toEqual(row);
  });
});
