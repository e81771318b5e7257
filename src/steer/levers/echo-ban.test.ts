import { describe, expect, it } from 'vitest';
import { byteGrammar, weighText } from '../../engine/grammar-syntax.ts';
import { echoGrammar, echoPhrases } from './echo-ban.ts';

describe('What a reply must not echo', () => {
  it('is a sentence said before, and a long part of one, but no short one', () => {
    const said = ['Ay, sir. The lamp is out, and nobody knows who has put it out tonight!'];
    expect(echoPhrases({ said, heard: '' })).toEqual([
      'The lamp is out, and nobody knows who has put it out tonight',
      'and nobody knows who has put it out tonight',
    ]);
  });

  it('is the line it answers, as it stands and turned round', () => {
    const heard = 'Good morrow, Marta. How do you feel today?';
    expect(echoPhrases({ said: [], heard })).toEqual([
      'Good morrow, Marta. How do you feel today',
      'How do you feel today',
      'Good morrow, Marta. How do I feel today',
      'How do I feel today',
    ]);
    expect(echoPhrases({ said: [], heard: 'Good morrow.' })).toEqual([]);
    expect(echoPhrases({ said: [], heard: 'Where are your keys?' })).toContain('Where are my keys');
    expect(echoPhrases({ said: [], heard: 'Who are you, stranger?' })).toContain(
      'Who am I, stranger',
    );
  });

  it('is every run of five words of the line', () => {
    const phrases = echoPhrases({ said: [], heard: 'Well, the dogs were barking all night.' });
    for (const run of ['Well, the dogs were barking', 'the dogs were barking all'])
      expect(phrases).toContain(run);
    const heard = 'Were the dogs barking all night?';
    const spared = ['I heard the dogs barking all night.'];
    expect(echoPhrases({ said: [], heard })).toContain('the dogs barking all night');
    expect(echoPhrases({ said: [], heard, spared })).not.toContain('the dogs barking all night');
  });

  it('is the beginning of a sentence that is longer than a grammar takes', () => {
    const long = `${'the lamp is out and '.repeat(40)}nobody knows`;
    const [phrase = ''] = echoPhrases({ said: [long], heard: '' });
    expect(long.startsWith(phrase)).toBe(true);
    expect(phrase.length).toBeGreaterThan(200);
    expect(Buffer.byteLength(phrase)).toBeLessThanOrEqual(300);
    for (const heard of [long, 'ä'.repeat(500), `a b ${'ö'.repeat(500)}`])
      expect(() => byteGrammar(echoGrammar(echoPhrases({ said: [], heard })))).not.toThrow();
  });

  it('is not what may be said however often', () => {
    const said = ['I have the keys of the harbour. I know of no such thing.'];
    const spared = ['I know of no such thing.'];
    expect(echoPhrases({ said, heard: '', spared })).toEqual(['I have the keys of the harbour']);
  });
});

describe('The grammar against echoes', () => {
  const weigh = (text: string): number | undefined =>
    weighText(byteGrammar(echoGrammar(['The lamp is out', 'What I remember:'])), text);

  it('lets free what is none', () => {
    for (const text of [
      '',
      'The lamp is out there?'.replace('lamp', 'light'),
      'Ay.\nNo — never-ending\n\nrain; in 1600, or deaf.',
      '-- So he said.',
      'I remember what I will.',
      'O GOD! I did: I, and no other.',
      '1600 was a dry year.\nTen: no less.',
    ])
      expect(weigh(text), text).toBe(0);
  });

  it('forbids the phrases wherever they stand, in any case of small letters', () => {
    for (const text of ['The lamp is out.', 'Ay: The lamp  is\nout', 'What I remember: no'])
      expect(weigh(text), text).toBeUndefined();
  });

  it('forbids lines of a list, and marks cost more than they are worth', () => {
    for (const text of ['- a key', 'Ay.\n- a key', 'Ay.\n  • a key', '# Ay', '> Ay', '1. A key'])
      expect(weigh(text), text).toBeUndefined();
    for (const text of ['SINGER: “Ay!”', 'Ay.\nFIRST-LORD: no', 'def sort_list', '```', 'x = 2'])
      expect(weigh(text), text).toBeUndefined();
    for (const text of ['It is 85be.', '1b8d', 'a 582f?', 'of 7e48', 'the 53cc'])
      expect(weigh(text), text).toBeLessThan(-30);
  });
});
