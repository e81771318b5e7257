import { describe, expect, it } from 'vitest';
import { readDigestFile } from '../../memory/digests/read-digests.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import { parsePlay } from '../../play/parse.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { promptTemplate } from '../../prompt/prompt-template.ts';
import { inspectRows } from '../gates/data-gate.ts';
import type { Source } from '../source.ts';
import { digestSource, nothingKnown, unknowing } from './know-lines.ts';
import { readRows } from './read-rows.ts';
import { rowsHash, type TrainingRow } from './training-row.ts';
import { trainingRows } from './training-rows.ts';

const parsed = parsePlay(
  new TextEncoder().encode(`# The Bell of Wick

## ACT I

### SCENE I. The belfry.

_Enter MERIC and TAMSIN_

**MERIC**  
The bell is cracked, and it was I who cracked it with a mallet.

**TAMSIN**  
Then I will sell my ring and have it cast anew.

_Exit TAMSIN_

**MERIC**  
She shall not know that I have a purse of gold under the stair.

### SCENE II. The market.

_Enter TAMSIN and JORY_

**TAMSIN**  
I have sold the ring to a pedlar for nine crowns.

**JORY**  
The pedlar was a thief, mistress, and his crowns are lead.

## ACT II

### SCENE I. The belfry.

_Enter MERIC and JORY_

**JORY**  
Tamsin wept in the market when she bit the coins.
`),
);
const described: Readonly<Record<string, string>> = { TAMSIN: 'daughter to Meric' };
const play = {
  ...parsed,
  cast: parsed.cast.map((one) => ({ ...one, description: described[one.name] ?? '' })),
};
const sha256 = 'f'.repeat(64);

const fact = (
  id: string,
  place: string,
  words: string,
  text: string,
  witnesses: readonly string[],
  told: readonly { who: string; at: string; by: string }[] = [],
) => ({
  id,
  from: place,
  end: place,
  words,
  text,
  about: [...new Set(Array.from(text.matchAll(/\{([A-Z ]+)/g), ([, name]) => name))],
  witnesses,
  ...(told.length > 0 && { told }),
});
const file = [
  {
    format: 'dramatis-digests',
    version: 1,
    play: 'wick',
    text: sha256,
    persons: { PEDLAR: { name: 'the pedlar' } },
  },
  fact(
    '1.1-1',
    '1.1.1',
    'it was I who cracked it',
    '{MERIC} cracked the bell of the belfry with a mallet, and told {TAMSIN:me}.',
    ['MERIC', 'TAMSIN'],
  ),
  fact(
    '1.1-2',
    '1.1.2',
    'I will sell my ring',
    '{TAMSIN} promised {MERIC:me} to sell {TAMSIN:her/my} ring for a new bell.',
    ['MERIC', 'TAMSIN'],
  ),
  fact(
    '1.1-3',
    '1.1.3',
    'a purse of gold under the stair',
    '{MERIC} hid a purse of gold under the stair from {TAMSIN:me}.',
    ['MERIC'],
  ),
  fact(
    '1.2-1',
    '1.2.1',
    'sold the ring to a pedlar',
    '{TAMSIN} sold the ring to {PEDLAR:me} for nine crowns.',
    ['TAMSIN'],
    [{ who: 'JORY', at: '1.2.1', by: 'TAMSIN' }],
  ),
  fact(
    '2.1-1',
    '2.1.1',
    'Tamsin wept in the market',
    '{TAMSIN} wept in the market over the coins of lead.',
    ['JORY'],
    [{ who: 'MERIC', at: '2.1.1', by: 'JORY' }],
  ),
];
const read = readDigestFile(file.map((line) => JSON.stringify(line)).join('\n'), { play, sha256 });

const sourceOf = (name: string, heldOut = '2.1'): Source => ({
  id: 'wick',
  play,
  sha256,
  split: {
    folds: 5,
    partOf: (scene) => (scene === heldOut ? 'holdout' : 'train'),
    foldOf: () => 0,
  },
  character: findCharacter(play, name),
  digests: read.digests,
});
const rowsOf = (name: string, seed = 1): TrainingRow[] =>
  trainingRows(sourceOf(name), { kinds: ['know'], seed });
const isUnknown = ({ turns }: TrainingRow): boolean => unknowing.includes(turns[1]!.text);

describe('Rows of what a character knows', () => {
  it('are made from digests that are without fault', () => {
    expect(read.faults).toEqual([]);
    expect(read.digests).toHaveLength(5);
  });

  it('answer each fact known of a train scene once, in the first person, from a memory that is shown', () => {
    const known = rowsOf('TAMSIN').filter((row) => !isUnknown(row));
    const answers = known.map(({ turns }) => turns[1]!.text);
    expect(answers).toHaveLength(3);
    expect(answers[0]).toMatch(
      /My father Meric cracked the bell of the belfry with a mallet, and told me\.$/,
    );
    expect(answers[1]).toMatch(/I promised my father Meric to sell my ring for a new bell\.$/);
    expect(answers[2]).toMatch(/I sold the ring to the pedlar for nine crowns\.$/);
    for (const { recalled = [], turns, shows, speaker } of known) {
      expect(speaker).toBe('TAMSIN');
      expect(turns.map(({ lossWeight }) => lossWeight)).toEqual([0, 1]);
      expect(turns[0]!.speaker).toBe(VISITOR);
      expect(shows.memory).toBe(true);
      expect(turns[1]!.text.endsWith(recalled[0]!)).toBe(true);
      expect(new Set(recalled).size).toBe(recalled.length);
    }
  });

  it('ask who did it, or about persons as the one asked knows them', () => {
    const questions = new Set(
      Array.from({ length: 20 }, (_, seed) => rowsOf('TAMSIN', seed))
        .flat()
        .filter((row) => !isUnknown(row))
        .map(({ turns }) => turns[0]!.text),
    );
    expect(questions).toContain('Who cracked the bell of the belfry with a mallet?');
    expect(questions).toContain('Who promised your father to sell her ring for a new bell?');
    expect(questions).toContain('What do you know of your father?');
    expect(questions).toContain('Tell me of the pedlar.');
  });

  it('ask the questions that a digest has, as they are put to the one asked', () => {
    const ask = { text: "{MERIC:'s} purse was under what?", about: read.digests[0]!.about };
    const digests = read.digests.map((digest) => ({
      ...digest,
      asks: digest.id === '1.1-3' ? [ask] : [],
    }));
    const questionsTo = (name: string): string[] =>
      Array.from({ length: 20 }, (_, seed) =>
        trainingRows({ ...sourceOf(name), digests }, { kinds: ['know'], seed }),
      )
        .flat()
        .map(({ turns }) => turns[0]!.text);
    expect(questionsTo('MERIC')).toContain('Your purse was under what?');
    expect(questionsTo('TAMSIN')).toContain("Meric's purse was under what?");
    expect(questionsTo('TAMSIN').join(' ')).not.toContain('Who hid a purse');
  });

  it('say of what is not known that it is not, with other facts shown or the memory of not knowing', () => {
    const all = Array.from({ length: 20 }, (_, seed) => rowsOf('TAMSIN', seed)).flat();
    const unknown = all.filter(isUnknown);
    const asked = new Set(unknown.map(({ turns, scene }) => `${scene} ${turns[0]!.text}`));
    // Never learnt; or asked before the scene in which it happens.
    expect(asked).toContain('undefined Who hid a purse of gold under the stair from you?');
    expect(asked).toContain('1.2 Who sold the ring to the pedlar for nine crowns?');
    for (const text of asked) expect(text).not.toMatch(/^undefined .*(?:bell|pedlar)/);
    const shown = new Set(unknown.map(({ recalled }) => recalled![0]));
    expect(shown).toContain(nothingKnown);
    expect(shown.size).toBeGreaterThan(1);
  });

  it('say that nothing is known in the words of the default template', () => {
    expect(promptTemplate().unknown).toBe(nothingKnown);
  });

  it('have nothing of scenes that are held out', () => {
    for (const name of ['MERIC', 'TAMSIN', 'JORY'])
      expect(JSON.stringify(rowsOf(name))).not.toContain('coins');
  });

  it('stay the same for a seed, and pass the data gate', () => {
    const rows = rowsOf('MERIC');
    expect(rowsHash(rows)).toBe(rowsHash(rowsOf('MERIC')));
    expect(inspectRows(rows, [sourceOf('MERIC')]).findings).toEqual([]);
  });

  it('are refused by the gate with other words than the digests have', () => {
    const [first] = rowsOf('MERIC');
    const [question, answer] = first!.turns;
    const changed = { ...first!, turns: [question!, { ...answer!, text: 'Jory cracked it.' }] };
    const { findings } = inspectRows([changed], [sourceOf('MERIC')]);
    expect(findings.map(({ says }) => says)).toEqual([
      `says it is of the ${digestSource}, but "Jory cracked it." is of none`,
    ]);
  });

  it('are read back from a file as they were', () => {
    const rows = rowsOf('TAMSIN');
    const text = rows.map((row) => JSON.stringify(row)).join('\n');
    const again = readRows(text, sourceOf('TAMSIN'), 'more.jsonl').rows;
    expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(rows)));
    const broken = JSON.stringify({ ...rows[0], recalled: 'one text' });
    expect(() => readRows(broken, sourceOf('TAMSIN'), 'more.jsonl')).toThrow(
      'has something else than a list of texts under "recalled"',
    );
  });

  it('are none without digests', () => {
    const source = { ...sourceOf('MERIC'), digests: undefined };
    expect(trainingRows(source, { kinds: ['know'] })).toEqual([]);
  });
});
