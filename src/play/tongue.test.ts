import { describe, expect, it } from 'vitest';
import { parsePlay } from './parse.ts';
import { isModern, tongueOf } from './tongue.ts';

const scene = (words: string): string =>
  `# Night Shift\n\nHEAD\n\n## ACT I\n\n### SCENE I. A kitchen.\n\n**ANNA**\n${words}\n\n**PAUL**\nGood night, Anna.\n`;
const play = (head: string, words = 'The kettle is cold.') =>
  parsePlay(Buffer.from(scene(words).replace('HEAD', head)));

describe('What the characters of a play speak', () => {
  it('is what lines at the head of its file say', () => {
    const german = play('Language: German\nPeriod: today');
    expect(tongueOf(german)).toEqual({ language: 'German', period: 'today' });
    expect(german.cast.map(({ name }) => name).sort()).toEqual(['ANNA', 'PAUL']);
  });

  it('is read from front matter, with or without quotes', () => {
    const text = `---\ntitle: Night Shift\nperiod: "the year 1895"\n---\n${scene('Thou hast it.')}`;
    const found = parsePlay(Buffer.from(text));
    expect(found.title).toBe('Night Shift');
    expect(tongueOf(found)).toEqual({ language: 'English', period: 'the year 1895' });
  });

  it('is read from the head of a plain text, and is nobody of the cast', () => {
    const text =
      'Night Shift\nPeriod: today\n\nACT I\n\nSCENE I. A kitchen.\n\nANNA. It is cold.\n\nPAUL. Good night.\n\nANNA. Good night.\n\nPAUL. Sleep well.\n';
    const found = parsePlay(Buffer.from(text));
    expect(tongueOf(found).period).toBe('today');
    expect(found.cast.map(({ name }) => name).sort()).toEqual(['ANNA', 'PAUL']);
  });

  it('is told by the words where nothing says it', () => {
    expect(tongueOf(play('', 'Thou hast a cold kettle.')).period).toBe("Shakespeare's time");
    expect(tongueOf(play('', 'My phone has no internet.')).period).toBe('today');
    expect(tongueOf(play('')).period).toBe('your own time');
  });
});

describe('A period', () => {
  it('is ours if its people know what we know', () => {
    for (const ours of ['today', 'the present day', '2026', '1987', 'the twenty-first century'])
      expect(isModern(ours), ours).toBe(true);
    for (const theirs of ["Shakespeare's time", '1895', 'your own time', 'the year 1200'])
      expect(isModern(theirs), theirs).toBe(false);
  });
});
