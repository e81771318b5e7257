import { describe, expect, it } from 'vitest';
import { type EarlierLine, withWhomItMeans } from './whom-it-means.ts';

const names = ['Ophelia', 'Claudius', 'Duncan', 'Banquo', 'Macbeth', 'Hamlet'].map((word) => ({
  word,
  person: word.toUpperCase(),
}));
const asked = (text: string): EarlierLine => ({ text, isOwn: false });
const own = (text: string): EarlierLine => ({ text, isOwn: true });
/** @param before In the order they were said. */
const meant = (question: string, ...before: EarlierLine[]): string =>
  withWhomItMeans(question, before.reverse(), names);

describe('Whom a question means', () => {
  it('is whom the visitor named last', () => {
    expect(meant('How did he die?', asked('Tell me about your father.'))).toBe(
      'How did your father die?',
    );
    const talk = [asked('Do you still love Hamlet?'), own('I do not know.')];
    expect(meant('What did he give you?', ...talk)).toBe('What did Hamlet give you?');
  });

  it('is whom an answer begins with, told to the one who gave it', () => {
    const answer = own("King Duncan came to my husband Macbeth's castle with Banquo.");
    expect(meant('And who killed him?', asked('Who came that night?'), answer)).toBe(
      'And who killed Duncan?',
    );
    expect(meant('Where is he now?', own('My uncle Claudius did it.'))).toBe(
      'Where is your uncle now?',
    );
  });

  it('is nobody of the other sex, by kin, by title and by what is said of them', () => {
    const talk = [
      asked('Tell me about Ophelia. Did you love her?'),
      own('I said so.'),
      asked('Then why did you send her away?'),
      own('My uncle Claudius sent me to England.'),
    ];
    expect(meant('How did she die?', ...talk)).toBe('How did Ophelia die?');
  });

  it('owns what "his" and "her" stand before', () => {
    expect(meant('Who took his crown?', asked('Who is your brother?'))).toBe(
      'Who took your brother’s crown?',
    );
    const talk = asked('Do you miss your mother?');
    expect(meant('Did you send her away?', talk)).toBe('Did you send your mother away?');
    expect(meant('Who has her ring?', talk)).toBe('Who has your mother’s ring?');
  });

  it('is left to the question where it names somebody, or nobody before fits', () => {
    const talk = asked('Tell me about your father.');
    for (const question of ['Was he right about Hamlet?', 'And why?', 'Did she weep?'])
      expect(meant(question, talk)).toBe(question);
    expect(meant('How did he die?')).toBe('How did he die?');
  });
});
