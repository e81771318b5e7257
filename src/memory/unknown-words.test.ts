import { describe, expect, it } from 'vitest';
import { parsePlace } from '../play/place.ts';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import {
  lighthouseHash,
  lighthouseHeader,
  lighthouseRows,
} from '../testing/plays/lighthouse-digests.ts';
import { writeDigestFile } from './digests/digest-file.ts';
import { readDigests } from './digests/read-digests.ts';
import { passagesOf } from './passages.ts';
import { UnknownWords } from './unknown-words.ts';

// Enough facts that a word of one of them is rare.
const storm = (id: string) => ({
  id,
  from: '2.1.3',
  end: '2.1.3',
  words: 'A storm is coming up',
  text: '{CLEO} cried that a storm was coming from the south.',
  about: ['CLEO'],
  witnesses: ['ADA', 'BEN', 'CLEO'],
});
const rows = lighthouseRows.map((row) => ({ ...row, asks: [] }));
const stormRows = ['2.1-1', '2.1-2'].map((id) => ({ ...storm(id), asks: [] }));
const wickRows = ['1.1-11', '1.1-12', '1.1-13', '1.1-14'].map((id) => ({
  ...rows[0]!,
  id,
  text: '{ADA} trimmed the wick.',
  about: ['ADA'],
}));
const file = writeDigestFile(lighthouseHeader, [
  rows[0]!,
  ...wickRows,
  ...rows.slice(1),
  ...stormRows,
]);
const opened = { play: lighthouse, sha256: lighthouseHash };
const { digests } = readDigests(file, 'lighthouse.jsonl', opened);

function unknownTo(character: string, at?: string, facts = digests): UnknownWords {
  const parts = { play: lighthouse, digests: facts, passages: passagesOf(lighthouse) };
  const before = at === undefined ? undefined : parsePlace(at);
  return new UnknownWords(parts, { character, before });
}
const wordsOf = (unknown: UnknownWords, told = ''): string[] =>
  unknown.except(told).map(({ word }) => word);

describe('UnknownWords', () => {
  it('has the words of facts that come later, in the forms of the play and of the facts', () => {
    const words = wordsOf(unknownTo('ADA', '1.2'));
    expect(words).toEqual(expect.arrayContaining(['smuggler', 'swore', 'storm', 'south']));
    expect(words).toEqual([...words].sort());
  });

  it('has no word of a fact that is known there, or of a speech that was heard', () => {
    const words = wordsOf(unknownTo('ADA', '1.2'));
    for (const word of ['silver', 'bell', 'sold', 'ben', 'ada']) expect(words).not.toContain(word);
  });

  it('has no longer what has been learnt since, and keeps what never was', () => {
    const words = wordsOf(unknownTo('ADA'));
    for (const word of ['swore', 'storm']) expect(words).not.toContain(word);
    expect(words).toContain('smuggler');
    expect(wordsOf(unknownTo('BEN'))).not.toContain('smuggler');
  });

  it('leaves out the words of the question, in any form', () => {
    const told = 'What do you know of smugglers?';
    expect(wordsOf(unknownTo('ADA', '1.2'), told)).not.toContain('smuggler');
  });

  it('holds a word for the rarer the fewer facts and speeches have it', () => {
    const rarity = new Map(
      unknownTo('ADA', '1.2')
        .except('')
        .map((one) => [one.word, one.rarity]),
    );
    expect(rarity.get('smuggler')!).toBeGreaterThan(rarity.get('storm') ?? 0);
    for (const nats of rarity.values()) expect(nats).toBeGreaterThanOrEqual(1);
  });

  it('finds the fact that a text gives away by two of its words', () => {
    const unknown = unknownTo('ADA', '1.2');
    const text = 'A smuggler paid nine gold coins.';
    expect(unknown.givenAway(text, '')).toEqual({
      id: '1.2-1',
      words: ['smuggler', 'nine', 'gold', 'coins'],
    });
    expect(unknown.givenAway('A smuggler came.', '')).toBeUndefined();
    expect(unknown.givenAway(text, 'a smuggler with nine gold coins')).toBeUndefined();
    expect(unknownTo('BEN').givenAway(text, '')).toBeUndefined();
  });

  it('has nothing where there are no facts', () => {
    expect(wordsOf(unknownTo('ADA', '1.2', []))).toEqual([]);
  });
});
