import { describe, expect, it } from 'vitest';
import { calledBy } from './called-by.ts';

const oswin = { word: 'Oswin', person: 'OSWIN' };
const petra = { word: 'Petra', person: 'PETRA' };

describe('calledBy', () => {
  const called = (text: string): string[] =>
    calledBy(text, [oswin, petra]).map(({ person }) => person);

  it('finds who is called by name', () => {
    for (const text of [
      'Oswin!',
      'What is it, Oswin?',
      'O good Oswin, speak.',
      'Hold it: my dear Oswin, let go.',
      'Come, sir Oswin.',
      'Nine sacks. Oswin-- the bell!',
    ])
      expect(called(text), text).toEqual(['OSWIN']);
  });

  it('passes over who is spoken about', () => {
    for (const text of [
      'Oswin has the rope.',
      'I spoke to Oswin, at noon.',
      'The ferryman, Oswin, who is my friend, will row.',
      "It is Oswin's rope.",
      'Nobody, Oswinson!',
    ])
      expect(called(text), text).toEqual([]);
  });

  it('finds each of several once', () => {
    expect(called('Petra, Oswin, Petra!')).toEqual(['OSWIN', 'PETRA']);
  });
});
