import { describe, expect, it } from 'vitest';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { answerSources } from './answer-sources.ts';
import type { Recalled } from './recalled.ts';

const sold: Recalled = {
  kind: 'digest',
  id: '1.2-1',
  place: '1.2.1',
  end: '1.2.3',
  words: 'a smuggler for nine gold coins',
  text: 'I sold the silver bell to a smuggler for nine gold coins.',
  score: 0.9,
};
const ships: Recalled = {
  kind: 'digest',
  id: '1.1-1',
  place: '1.1.1',
  end: '1.1.3',
  words: 'seven ships upon the bar',
  text: 'Ada told me that she had counted seven ships.',
  score: 0.8,
};

/** Ids of what Ben's answer rests on. */
function restsOn(answer: string, question: string, recalled = [sold, ships]) {
  const from = { question, recalled, play: lighthouse, character: 'BEN' };
  return answerSources(answer, from);
}

describe('answerSources', () => {
  it('finds the fact that an answer says, not all that was recalled', () => {
    const found = restsOn('A smuggler has it, for nine coins of gold.', 'Where is the bell?');
    expect(found.map(({ id }) => id)).toEqual(['1.2-1']);
  });

  it('finds nothing where only the words of the question are repeated', () => {
    expect(restsOn('The silver bell? What bell?', 'Where is the silver bell?')).toEqual([]);
    expect(restsOn('The moon is bright over the fields.', 'Where is the bell?')).toEqual([]);
    expect(restsOn('', 'Where is the bell?')).toEqual([]);
  });

  it('finds a fact in one of many sentences, and in an answer of one word', () => {
    const long = 'I slept badly. A smuggler paid me nine gold coins. The storm was loud all night.';
    expect(restsOn(long, 'What of the bell?').map(({ id }) => id)).toEqual(['1.2-1']);
    expect(restsOn('Seven.', 'How many ships did Ada count?')[0]!.id).toBe('1.1-1');
  });

  it('rests on a fact that the question tells whole only if most of it is said again', () => {
    const question =
      'Did you sell the silver bell to a smuggler for nine gold coins, and was it sold?';
    expect(
      restsOn('Yes, to a smuggler.', question, [
        { ...sold, text: 'The smuggler had nine gold coins.' },
      ]),
    ).toEqual([]);
    const whole = restsOn('Nine gold coins the smuggler gave.', question, [
      { ...sold, text: 'The smuggler had nine gold coins.' },
    ]);
    expect(whole.map(({ id }) => id)).toEqual(['1.2-1']);
  });

  it('quotes an own line before the line of another', () => {
    const [own] = restsOn('A smuggler gave me nine gold coins.', 'Who has it?');
    expect(own!.line).toEqual({
      place: '1.2.1',
      speakers: ['BEN'],
      words: 'The bell went to a smuggler for nine gold coins.',
    });
    const [other] = restsOn('She counted seven.', 'How many did she see?');
    expect(other!.line).toEqual({
      place: '1.1.2',
      speakers: ['ADA'],
      words: 'I counted seven ships upon the bar.',
    });
  });

  it('has no line for what a card says', () => {
    const card = { ...sold, kind: 'card', words: undefined } as const;
    const [found] = restsOn('A smuggler gave me nine gold coins.', 'Who?', [card]);
    expect(found).toEqual({ kind: 'card', id: '1.2-1' });
  });
});
