import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playOf } from '../../testing/plays/scene-table.ts';
import type { GuardContext, SaidTurn } from './guard.ts';
import { guardedPlay } from './guarded-play.ts';
import { judge, judgeAndCut } from './judge.ts';

const play = guardedPlay(
  playOf({
    '1.1': [
      ['ADA', 'The oil is low and the wick burns crooked tonight, brother of mine.'],
      ['BEN', 'Then trim it, sister, before thou art the eighth one that hath struck.'],
    ],
  }),
);
const heard: SaidTurn[] = [
  { who: 'BEN', text: 'I saw a lantern swinging on the water by the mole.' },
  { who: 'ADA', text: 'Nobody sails so late, and least of all our father.' },
  { who: 'BEN', text: 'Yet something knocked against the quay like an iron telephone.' },
];
const context: GuardContext = { play, heard };
const ada = (text: string, more: Partial<GuardContext> = {}) =>
  judge({ who: 'ADA', text }, { ...context, ...more });

describe('judge', () => {
  it.each([
    ['I heard it too, and I am afraid.'],
    ['Ay.'],
    ['Was that a telephone, or Ben?'],
    ['Nobody sails.'],
  ])('lets a draft pass that no guard objects to: %s', (text) => {
    expect(ada(text)).toBeUndefined();
  });

  it.each([
    ['empty', ' … ', 'says nothing'],
    ['empty', '108', 'says nothing'],
    ['alphabet', 'I hear 你好 upon the shore.', 'Han'],
    ['alphabet', 'I hear it \u{1F600}', 'sign'],
    ['prompt words', 'I go. [Exit Ada]', 'prompt'],
    ['prompt words', '{"speaker": "ADA"}', 'JSON'],
    ['mask', 'As an AI language model I have no father.', 'says “as an AI”'],
    ['mask', 'I shall send him an email.', 'email'],
    ['copying', 'He said the wick burns crooked tonight, brother of mine!', '8 words of 1.1.1'],
    ['copying', 'Trim it, sister, before thou art the eighth one.', 'recites'],
    ['repeat', 'I tell thee nobody sails so late and far.', '“nobody sails so late and”'],
    ['echo', 'What knocked against the quay like an iron bell?', '“knocked against the quay'],
    [
      'circles',
      'We wait and wait and wait and wait and wait and wait and wait and wait and wait and wait and wait and wait.',
      'circles',
    ],
  ])('strikes by the guard "%s": %s', (guard, text, detail) => {
    const verdict = ada(text);
    expect(verdict?.guard).toBe(guard);
    expect(verdict?.detail).toContain(detail);
    expect(verdict?.cutAt).toBeUndefined();
  });

  it('strikes what gives back most words of the last turn in another order', () => {
    const last = 'Lantern, water, harbour, father, sailor, anchor, silver, bell and thunder!';
    const said = 'Thunder, bell, silver, anchor, sailor, father, harbour and the wind.';
    expect(ada(said, { heard: [{ who: 'BEN', text: last }] })).toMatchObject({ guard: 'echo' });
    expect(ada(said, { heard: [{ who: 'BEN', text: last.slice(0, 33) }] })).toBeUndefined();
  });

  it('lets own words be said again by another, but for the last turn', () => {
    const text = 'Nobody sails so late, and that is true.';
    expect(judge({ who: 'BEN', text }, context)).toBeUndefined();
    expect(judge({ who: 'BEN', text }, { play, heard: heard.slice(0, 2) })?.guard).toBe('echo');
  });

  it('strikes a turn that has just been said, be it one word, by whomever', () => {
    const madam = [...heard, { who: 'BEN', text: 'Madam, madam!' }];
    expect(ada('Madam…', { heard: madam })).toEqual({
      guard: 'repeat',
      detail: 'says again what BEN has just said: “madam”',
    });
    expect(ada('Madam, what is it?', { heard: madam })).toBeUndefined();
    const long = Array.from({ length: 8 }, (_, i) => ({ who: 'BEN', text: `Word ${i}.` }));
    expect(ada('Madam!', { heard: [...madam, ...long] })).toBeUndefined();
  });

  it('strikes a turn that is an earlier one of its speaker with a word changed', () => {
    const asked = [...heard, { who: 'ADA', text: 'Then you speak of my mother?' }];
    expect(ada('Then you speak of myself?', { heard: asked })).toEqual({
      guard: 'repeat',
      detail: 'says little but what was just said: “then you speak of”',
    });
    expect(ada('Then you speak of what you have never seen.', { heard: asked })).toBeUndefined();
  });

  it('strikes a turn of its speaker from anywhere in the scene with one word put in, left out or changed', () => {
    const far = Array.from({ length: 9 }, (_, i) => ({
      who: 'BEN',
      text: `It struck ${i} times.`,
    }));
    const said = [{ who: 'ADA', text: 'The wager is between you and me.' }, ...far];
    for (const text of [
      'The wager is between thee and me.',
      'The wager is between you, and me, alone.',
      'The wager is between you and him.',
      'Wager is between you and me.',
    ])
      expect(ada(text, { heard: said })).toMatchObject({ guard: 'repeat' });
    expect(ada('The wager lies between the two of us.', { heard: said })).toBeUndefined();
    expect(
      judge({ who: 'CAL', text: 'The wager is between thee and me.' }, { play, heard: said }),
    ).toBeUndefined();
  });

  it('strikes the third of eight turns that begin alike', () => {
    const begun = [...heard, { who: 'BEN', text: 'Madam, madam, a ship!' }];
    expect(ada('Madam, madam, what is it?', { heard: begun })).toBeUndefined();
    const twice = [...begun, { who: 'ADA', text: 'Madam, madam, how?' }];
    expect(ada('Madam, madam, what is it?', { heard: twice })).toEqual({
      guard: 'opening',
      detail: 'begins as 2 turns before it do: “madam madam”',
    });
    expect(ada('Madam, what is it?', { heard: twice })).toBeUndefined();
  });

  it('strikes eight words that another has said earlier in the scene', () => {
    const text = 'Somebody saw a lantern swinging on the water by the quay.';
    expect(ada(text)).toMatchObject({
      guard: 'copying',
      detail: 'says 9 words of BEN: “saw a lantern swinging on the water by the”',
    });
  });

  it('strikes eight words of what the prompt shows beside the turns', () => {
    const shown = ['You are Ada, keeper of the light, who trusts nobody but her brother.'];
    const text = 'I am the keeper of the light, who trusts nobody but me.';
    expect(ada(text, { shown })?.detail).toBe(
      'recites 8 words of its prompt: “keeper of the light who trusts nobody but”',
    );
    expect(ada('I keep the light, and trust nobody but my brother.', { shown })).toBeUndefined();
  });

  it('lets be said what the play itself says, whatever it means today', () => {
    const own = guardedPlay(
      playOf({
        '1.1': [
          ['ADA', 'Sir Guy is gone.'],
          ['BEN', 'Je vous prie, madame, de la grace.'],
        ],
      }),
    );
    const says = (text: string) => judge({ who: 'ADA', text }, { play: own, heard: [] })?.guard;
    expect(says('Where is that Guy?')).toBeUndefined();
    expect(says('Je suis la reine, mon ami.')).toBeUndefined();
    expect(says('Send him an email.')).toBe('mask');
    expect(ada('Je suis la reine, mon ami.')?.guard).toBe('mask');
  });

  it('strikes who takes a later thing for known that somebody has named, and lets them wonder at it', () => {
    const heard = [{ who: 'BEN', text: 'Have you a smartphone, Ada?' }];
    const says = (text: string) => judge({ who: 'ADA', text }, { ...context, heard })?.guard;
    expect(says('My smartphone lies on the table.')).toBe('mask');
    expect(says('What is a smartphone?')).toBeUndefined();
  });

  it('lets people of today speak of what they have, and of no language model', () => {
    const today = guardedPlay({
      ...playOf({ '1.1': [['ADA', 'I left the car outside.']] }),
      period: 'today',
    });
    expect(judge({ who: 'ADA', text: 'My smartphone is dead.' }, { play: today, heard: [] })).toBe(
      undefined,
    );
    expect(
      judge({ who: 'ADA', text: 'I am a large language model.' }, { play: today, heard: [] })
        ?.guard,
    ).toBe('mask');
  });
});

describe('judgeAndCut', () => {
  const cut = (text: string) => judgeAndCut({ who: 'ADA', text }, context);

  it("keeps what stands before another's label, and nothing after it", () => {
    const found = cut('I heard it too. BEN: Go home. ADA: No.');
    expect(found).toMatchObject({ text: 'I heard it too.', cut: { guard: 'label' } });
    expect(found.struck).toBeUndefined();
  });

  it('strikes a draft that is nothing but another speaking', () => {
    expect(cut('BEN: Go home, sister.')).toMatchObject({ text: '', struck: { guard: 'empty' } });
  });

  it('strikes what is left after a cut if another guard objects to it', () => {
    const found = cut('Nobody sails so late and far. BEN: Go home.');
    expect(found).toMatchObject({ text: '', cut: { guard: 'label' }, struck: { guard: 'repeat' } });
  });

  it('gives a draft back as it is where nothing stands against it', () => {
    expect(cut('  I heard it too. ')).toEqual({ text: '  I heard it too. ' });
  });

  it('gives a beginning of the draft or nothing, whatever is in it', () => {
    const piece = fc.constantFrom(
      ...['BEN', 'Ben', ':', '. ', '\n', ' ', '**', '[', ']', '{', 'go home', 'the sea', '你', '…'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const found = cut(text);
        expect(text.startsWith(found.text)).toBe(true);
        expect(found.text === '').toBe(found.struck !== undefined);
        expect(judge({ who: 'ADA', text: found.text }, context) === undefined).toBe(!found.struck);
      }),
      { numRuns: 500 },
    );
  });
});
