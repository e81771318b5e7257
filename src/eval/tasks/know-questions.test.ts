import { describe, expect, it } from 'vitest';
import { DramatisError } from '../../errors.ts';
import { mill } from '../../testing/plays/mill.ts';
import { millLines, questionsOf } from '../../testing/plays/mill-questions.ts';
import { readQuestions, requireFits } from './know-questions.ts';

/** What is said of a file whose second line is the first question with some fields set, or taken out. */
function refusal(changes: Readonly<Record<string, unknown>>, line = 1): string {
  const changed = millLines.map((json, i) => (i === line ? { ...json, ...changes } : json));
  try {
    requireFits(questionsOf(changed), mill.play, 'mill.jsonl');
  } catch (error) {
    if (!(error instanceof DramatisError)) throw error;
    expect(error.code).toBe('QUESTIONS_REFUSED');
    expect(error.remedy).toContain('data/questions/README.md');
    return error.message;
  }
  return '';
}

describe('readQuestions', () => {
  it('tells questions that can be known from those that cannot, with their lines', () => {
    const { play, questions, lines } = questionsOf(millLines);
    expect(play).toBe('mill');
    expect(questions.map(({ kind }) => kind)).toEqual([
      'known',
      'known',
      'before',
      'never',
      'outside',
    ]);
    expect(lines).toEqual([2, 3, 4, 5, 6]);
    expect(questions[0]).toMatchObject({ accept: [['oswin']], reject: [] });
  });

  it('takes a known question without answer, choices and gold', () => {
    const bare = { answer: undefined, choices: undefined, gold: undefined };
    expect(refusal(bare)).toBe('');
  });

  it('refuses what is wrong with its line', () => {
    for (const [changes, why] of [
      [{ question: ' ' }, 'has no text under "question"'],
      [{ id: 'tilda-sluice' }, 'has the id "tilda-sluice" of a line before'],
      [{ accept: [] }, 'no list of patterns under "accept"'],
      [{ accept: ['('] }, '"(" under "accept", which is no regular expression'],
      [{ answer: 'Nobody.' }, '"Nobody.", which its own "accept" does not match'],
      [{ reject: ['did'] }, '"Oswin did.", which its own "reject" matches'],
      [{ choices: ['Oswin.', 'A', 'B'] }, 'the choice "Oswin.", which "accept" matches'],
      [{ answer: undefined }, 'has choices, but no "answer"'],
      [{ unknown: 'perhaps' }, '"unknown" perhaps; there are before, never, outside'],
      [{ unknown: 'never' }, 'has no "reject"'],
      [{ unknown: 'before', reject: ['wind'] }, 'does not say "at" which place'],
      [{ unknown: 'never', reject: ['letter'] }, 'the question itself matches'],
    ] as const)
      expect(refusal(changes), JSON.stringify(changes)).toContain(why);
    expect(refusal({ id: 'tilda-sluice' })).toMatch(/^line 3 of mill\.jsonl /);
    expect(() => readQuestions('', 'none.jsonl')).toThrow('none.jsonl is empty');
    expect(() => readQuestions('{"format":"poem"}', 'none.jsonl')).toThrow('is no header');
    expect(() => readQuestions('[', 'none.jsonl')).toThrow('line 1 of none.jsonl is not JSON');
  });
});

describe('requireFits', () => {
  it('refuses whom and where the play has not, with the line', () => {
    for (const [changes, why] of [
      [{ character: 'Falstaff' }, 'nobody in "The Mill at Varn" is called "Falstaff"'],
      [{ at: '9.1' }, 'has no scene 9.1'],
      [{ gold: [{ from: '1.1.9', end: '1.1.2' }] }, 'from 1.1.9 to 1.1.2'],
      [{ gold: [{ from: '1.1', end: '1.1' }] }, 'give first and last line'],
      [{ gold: [{ from: '1.1.1', end: '1.2.1' }] }, 'which are in two scenes'],
      [{ gold: [{ from: '1.2.1', end: '1.2.99' }] }, 'but scene 1.2 has 4 lines'],
    ] as const)
      expect(refusal(changes), JSON.stringify(changes)).toContain(why);
    expect(refusal({ character: 'Falstaff' })).toMatch(/^line 2 of mill\.jsonl does not fit: /);
    expect(refusal({ scene: '7.7' }, 4)).toContain('has no scene 7.7');
  });
});
