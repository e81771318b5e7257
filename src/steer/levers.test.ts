import { beforeAll, describe, expect, it } from 'vitest';
import { byteGrammar, weighText } from '../engine/grammar-syntax.ts';
import { loadPronunciations, stressesOf } from '../play/verse/syllables.ts';
import { spelledModel } from '../testing/models/piece-model.ts';
import { castMember, lantern } from '../testing/plays/lantern.ts';
import { logSumExp } from './draw/logits.ts';
import { anachronisms, phrasesIn } from './levers/anachronism-ban.ts';
import { characterLexicon, lexiconPush } from './levers/character-lexicon.ts';
import { fitsIambs } from './levers/fits-iambs.ts';
import { lengthHazard, sentencesIn } from './levers/length-hazard.ts';
import { presetOf } from './levers/preset.ts';
import { tagsPush } from './levers/speaker-tags.ts';
import { speaksVerse, versePush } from './levers/verse.ts';
import { VoiceRatio } from './levers/voice-ratio.ts';

beforeAll(loadPronunciations);

const never = Number.NEGATIVE_INFINITY;
const marta = castMember('MARTA');
const bruno = castMember('BRUNO');

describe('The lexicon of a character', () => {
  it('has the words they say more, and against it those they say less', () => {
    const weightOf = (word: string) =>
      characterLexicon(lantern, marta).find((group) => group.words.includes(word))?.weight ?? 0;
    expect(weightOf('lantern')).toBeGreaterThan(0);
    expect(weightOf('tide')).toBe(0);
    for (const { weight } of characterLexicon(lantern, marta))
      expect(Math.abs(weight)).toBeLessThanOrEqual(1.2);
  });

  it('has no names', () => {
    const all = characterLexicon(lantern, bruno).flatMap((group) => group.words);
    expect(all).not.toContain('bruno');
  });

  it('has no old words in a play of today', () => {
    const silent = { ...bruno, name: 'PEDDLER' };
    const wordsOf = (play: typeof lantern) =>
      characterLexicon(play, silent).flatMap((group) => group.words);
    expect(wordsOf(lantern)).toContain('thou');
    expect(wordsOf({ ...lantern, period: 'today' })).not.toContain('thou');
  });

  it('is written as words with their weights', () => {
    const { grammar } = lexiconPush(characterLexicon(lantern, marta));
    expect(grammar).toMatch(/^%lexicon own \+0\.0000 \{.*"lantern" \+0\.\d+/);
    expect(lexiconPush([]).grammar).toBe('');
  });
});

describe('The ban', () => {
  it('lists nothing that the play says itself', () => {
    const listed = anachronisms(lantern);
    expect(listed).toContain('computer');
    expect(listed.filter((phrase) => phrase === 'lantern')).toEqual([]);
    const said = phrasesIn('The tide goes out and the computer, as an AI, comes in.', listed);
    expect(said.sort()).toEqual(['an AI', 'as an AI', 'computer']);
  });

  it('lets a play of today speak of its time, but not as an assistant', () => {
    const listed = anachronisms({ ...lantern, period: 'today' });
    expect(phrasesIn("I'm sorry, my computer is broken.", listed)).toEqual([]);
    expect(listed).toContain('as an AI');
    expect(anachronisms({ ...lantern, period: '1895' })).toContain('computer');
  });
});

describe('The list of later words and assistants’ phrases', () => {
  it('has what newcomers met', () => {
    const listed = anachronisms(lantern);
    for (const text of [
      'I’m sorry for any misunderstanding.',
      'Please go ahead and share your questions or requests.',
      'I shall assist you today.',
      'Smartphones are indeed quite good.',
      'I have the play “Hamlet” here.',
    ])
      expect(phrasesIn(text, listed), text).not.toEqual([]);
  });
});

describe('Verse', () => {
  it('puts the main stress of a word on every second syllable, or on the first of a line', () => {
    const lantern2 = stressesOf('lantern')!;
    expect(lantern2).toEqual([true, false]);
    expect(fitsIambs(lantern2, 0)).toBe(true);
    expect(fitsIambs(lantern2, 1)).toBe(true);
    expect(fitsIambs(lantern2, 2)).toBe(false);
    expect(fitsIambs(stressesOf('again')!, 0)).toBe(true);
    expect(fitsIambs(stressesOf('again')!, 1)).toBe(false);
  });

  it('ends a line after ten or eleven syllables and hardly before', () => {
    const model = spelledModel(['\n', ' lantern', ' harbour']);
    const push = versePush(model, lantern).after!;
    const line = 'The lantern burns and still the tide comes';
    const end = (text: string): number => push(text).get(model.id('\n')) ?? 0;
    expect(end(line)).toBeLessThan(0);
    expect(end(`${line} in`)).toBeGreaterThan(0);
    expect(end(`${line} in\nThe`)).toBeLessThan(0);
    expect(end(`${line} in and in again`)).toBeGreaterThan(end(`${line} in`));
    // "lantern" after an odd number of syllables has its stress in place.
    expect(push('The').has(model.id(' lantern'))).toBe(false);
    expect(push('The old').get(model.id(' lantern'))).toBeLessThan(0);
  });

  it('is for those who speak it', () => {
    expect(speaksVerse(lantern, bruno)).toBe(false);
  });
});

describe('The length', () => {
  it('is the chance to stop where a sentence ends, counted in the speeches', () => {
    // Every speech of MARTA's is one sentence, of twelve; with one stop in two chances added.
    expect(lengthHazard(lantern, marta).at(1)).toBeCloseTo(13 / 14);
    // BRUNO goes on and on: his speeches have 2 to 13 sentences.
    expect(lengthHazard(lantern, bruno).at(1)).toBeCloseTo(1 / 14);
    expect(lengthHazard(lantern, bruno).at(2)).toBeCloseTo(2 / 14);
    expect(lengthHazard(lantern, bruno).longest).toBeGreaterThan(100);
  });

  it('counts sentences as they are said', () => {
    expect(
      ['', 'No', 'No.', 'No. And "no!" Again', '“Ay?” he said... Ay!'].map(sentencesIn),
    ).toEqual([0, 1, 1, 3, 3]);
  });
});

describe('Labels', () => {
  it('are forbidden of those who are not on stage, and end the reply', () => {
    const push = tagsPush(lantern, new Set(['MARTA']));
    expect(push.grammar).toContain('"BRUNO:"');
    expect(push.grammar).not.toContain('MARTA');
    const weigh = (text: string) => weighText(byteGrammar(push.grammar), text);
    for (const text of ['BRUNO: Ay.', 'Ay. Bruno: “Nay.”', 'Ay. BRUNO. Nay.', 'Ay. User: nay.'])
      expect(weigh(text), text).toBeUndefined();
    for (const text of ['I saw Bruno. He slept.', 'Bruno, my friend: sit.', 'Marta: Ay.'])
      expect(weigh(text), text).toBe(0);
    expect(push.stop).toContain('\nBRUNO:');
  });

  it('are those of titled people without their titles, too, unless somebody on stage is called so', () => {
    const king = { ...bruno, name: 'KING BRUNO', aliases: [] };
    const play = { ...lantern, cast: [king, marta] };
    const weigh = (onStage: string, text: string, of = play) =>
      weighText(byteGrammar(tagsPush(of, new Set([onStage])).grammar), text);
    expect(weigh('MARTA', 'Ay. Bruno: nay.')).toBeUndefined();
    expect(weigh('MARTA', 'Ay. King Bruno: nay.')).toBeUndefined();
    const both = { ...lantern, cast: [king, bruno] };
    expect(weigh('BRUNO', 'Ay. Bruno: nay.', both)).toBe(0);
  });
});

describe('A preset', () => {
  it('follows what was counted, and says what', () => {
    const { sampling, reasons } = presetOf(lantern, bruno);
    expect(sampling.temperature).toBeGreaterThanOrEqual(0.5);
    expect(sampling.temperature).toBeLessThanOrEqual(0.9);
    expect(Object.keys(reasons).sort()).toEqual(Object.keys(sampling).sort());
    // BRUNO says the same few words over and over: a poor speaker is drawn coolly.
    expect(sampling.temperature).toBe(0.5);
  });
});

describe('The voice ratio', () => {
  it('is above 0 for one’s own words, below for others’, 0 for none and for those nobody says', () => {
    const voice = new VoiceRatio(lantern, marta);
    expect(voice.of('The lantern is mine.')).toBeGreaterThan(0);
    expect(voice.of('The tide goes out.')).toBeLessThan(0);
    expect(voice.of('')).toBe(0);
    expect(voice.of('Xylophone.')).toBe(0);
  });
});

describe('A row of logits', () => {
  it('sums as the naive sum does, also far from 0', () => {
    const row = Float32Array.of(0.5, -1, 2);
    const naive = Math.log([...row].reduce((sum, logit) => sum + Math.exp(logit), 0));
    expect(logSumExp(row)).toBeCloseTo(naive, 6);
    expect(logSumExp(row.map((logit) => logit + 200))).toBeCloseTo(naive + 200, 4);
    expect(logSumExp(Float32Array.of(never, never))).toBe(never);
  });
});
