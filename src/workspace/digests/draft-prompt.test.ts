import { describe, expect, it } from 'vitest';
import { draftGrammar, draftsIn } from './draft-prompt.ts';

const item = { lines: [], shown: 'I saw him "by" the weir', beginnings: ['Pell told Jona that '] };

describe('the grammar of a draft', () => {
  it('begins each sentence as its item says, and has every pronoun cost so much that names stand', () => {
    const grammar = draftGrammar([item]);
    expect(grammar).toContain('"Pell told Jona that "');
    const [, cost, words] = /%lexicon \w+ -(\d+) \{ (.*) \}/.exec(grammar)!;
    expect(Number(cost)).toBeGreaterThanOrEqual(20);
    expect(words!.split(' ')).toEqual(expect.arrayContaining(['he', 'her', 'I', 'thy', 'our']));
  });

  it('gives the whole sentences of an answer, each to its item', () => {
    const answer =
      '[{"speech":"…","means":"Pell told Jona that it rained."},{"speech":"…","means":"Jo';
    expect(draftsIn(answer, [item, item])).toEqual([
      { sentence: 'Pell told Jona that it rained.', item },
    ]);
  });
});
