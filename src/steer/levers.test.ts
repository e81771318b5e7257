import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadPronunciations, stressesOf } from '../play/syllables.ts';
import { words } from '../play/words.ts';
import { anachronisms, banPush, phrasesIn } from './anachronism-ban.ts';
import { bracketsPush } from './brackets.ts';
import { characterLexicon, lexiconPush } from './character-lexicon.ts';
import { castMember, lantern, spelledModel } from './invented-play.test.support.ts';
import { lengthHazard, lengthPush } from './length-hazard.ts';
import { presetOf } from './preset.ts';
import { scaled, sumOf } from './push.ts';
import { recipeOf } from './recipe.ts';
import { logSumExp } from './row.ts';
import { tagsPush } from './speaker-tags.ts';
import { fitsIambs, prosePush, speaksVerse, versePush } from './verse.ts';
import { VoiceRatio } from './voice-ratio.ts';

beforeAll(loadPronunciations);

const never = Number.NEGATIVE_INFINITY;
const marta = castMember('MARTA');
const bruno = castMember('BRUNO');

describe('Pushes of several levers', () => {
  const weights = fc.dictionary(
    fc.constantFrom('1', '2', '3'),
    fc.double({ min: -3, max: 3, noNaN: true }),
  );
  const toMap = (record: Record<string, number>) =>
    new Map(Object.entries(record).map(([token, weight]) => [Number(token), weight]));

  it('add up, token by token', () => {
    fc.assert(
      fc.property(fc.array(weights), (records) => {
        const sum = sumOf(records.map(toMap));
        for (const token of [1, 2, 3]) {
          const expected = records.reduce((total, record) => total + (record[token] ?? 0), 0);
          expect(sum.get(token) ?? 0).toBeCloseTo(expected, 9);
        }
      }),
    );
  });

  it('are multiplied by the strength, but what is forbidden stays so', () => {
    const found = scaled(
      new Map([
        [1, 2],
        [2, never],
        [3, -1],
      ]),
      0,
    );
    expect([...found]).toEqual([[2, never]]);
    expect(
      scaled(
        new Map([
          [1, 2],
          [2, never],
        ]),
        -2,
      ),
    ).toEqual(
      new Map([
        [1, -4],
        [2, never],
      ]),
    );
  });
});

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

  it('pushes them as tokens', () => {
    const model = spelledModel([' lantern', ' tide']);
    const push = lexiconPush(model, characterLexicon(lantern, marta));
    expect(push.after('The').get(model.id(' lantern'))).toBeGreaterThan(0);
    expect(push.after('The').has(model.id(' tide'))).toBe(false);
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

  it('forbids the token that would complete a phrase, and no shorter one', () => {
    const model = spelledModel([' language', ' model', ' computer', ' hi']);
    const push = banPush(model, ['language model', 'computer', 'hi']);
    expect(push.after('A').get(model.id(' computer'))).toBe(never);
    expect(push.after('A').has(model.id(' model'))).toBe(false);
    expect(push.after('A language').get(model.id(' model'))).toBe(never);
    expect(push.after('A').has(model.id(' hi'))).toBe(false);
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
    const push = versePush(model, lantern);
    const line = 'The lantern burns and still the tide comes';
    const end = (text: string): number => push.after(text).get(model.id('\n')) ?? 0;
    expect(end(line)).toBeLessThan(0);
    expect(end(`${line} in`)).toBeGreaterThan(0);
    expect(end(`${line} in\nThe`)).toBeLessThan(0);
    expect(end(`${line} in and in again`)).toBeGreaterThan(end(`${line} in`));
    // "lantern" after an odd number of syllables has its stress in place.
    expect(push.after('The').has(model.id(' lantern'))).toBe(false);
    expect(push.after('The old').get(model.id(' lantern'))).toBeLessThan(0);
  });

  it('is for those who speak it', () => {
    expect(speaksVerse(lantern, bruno)).toBe(false);
    const model = spelledModel(['\n']);
    expect(prosePush(model).after('word').get(model.id('\n'))).toBeLessThan(0);
  });
});

describe('The length', () => {
  it('is the chance to stop where a sentence ends, counted in the speeches', () => {
    const hazard = lengthHazard(lantern, marta);
    // MARTA says "No." four times of twelve, else eleven words: she stops after every sentence.
    expect(hazard.at(1)).toBeCloseTo(5 / 6);
    expect(hazard.at(11)).toBeCloseTo(9 / 10);
    // BRUNO goes on and on.
    expect(lengthHazard(lantern, bruno).at(10)).toBeLessThan(0.2);
    expect(lengthHazard(lantern, bruno).longest).toBeGreaterThan(100);
  });

  it('ends a reply at a sentence, seldom in one, and never before its first word', () => {
    const model = spelledModel(['a']);
    const push = lengthPush(model, lengthHazard(lantern, bruno), 1.3);
    expect(push.after('').get(model.end)).toBe(never);
    expect(push.after('The tide').get(model.end)).toBe(-6);
    const stop = push.after('The tide goes out and the tide comes in again.').get(model.end)!;
    expect(stop).toBeGreaterThan(-6);
    expect(stop).toBeLessThan(0);
  });
});

describe('Stage directions', () => {
  const model = spelledModel([' [', ']', '(', '*', '\n', 'word']);
  const push = bracketsPush(model);

  it('open between sentences, once, and in square brackets alone', () => {
    for (const text of ['', 'A word.']) expect(push.after(text).has(model.id(' ['))).toBe(false);
    for (const text of ['A word', '[Exit] A word.'])
      expect(push.after(text).get(model.id(' ['))).toBe(never);
    for (const text of ['', 'A word', 'A word.', '[Exit'])
      for (const piece of ['(', '*']) expect(push.after(text).get(model.id(piece))).toBe(never);
  });

  it('are closed before the reply or the line ends, and soon', () => {
    const inside = push.after('[Exit');
    expect(inside.get(model.end)).toBe(never);
    expect(inside.get(model.id('\n'))).toBe(never);
    expect(inside.has(model.id(']'))).toBe(false);
    const long = push.after('[Exit with one two three four five six seven');
    expect(long.get(model.id(']'))).toBeGreaterThan(0);
    expect(push.after('A word').get(model.id(']'))).toBe(never);
  });
});

describe('Labels', () => {
  it('are not written of those who are not on stage', () => {
    const model = spelledModel(['BRUNO', ':', 'MARTA']);
    const push = tagsPush(model, lantern, new Set(['MARTA']));
    expect(push.after('\nBRUNO').get(model.id(':'))).toBe(never);
    expect(push.after('\nMARTA').has(model.id(':'))).toBe(false);
    expect(push.stop).toContain('\nBRUNO:');
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

describe('A recipe', () => {
  const rule = /^([a-z0-9-]+) ::= (.+)$/;
  /** Names of rules that are used and not defined. */
  const missing = (text: string): string[] => {
    const rules = text.split('\n').flatMap((line) => {
      const [, name, body] = rule.exec(line) ?? [];
      return name && body ? [{ name, body }] : [];
    });
    const defined = new Set(rules.map(({ name }) => name));
    const bare = (body: string): string =>
      body.replace(/"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|\/[\d.]+\/|\{\d+,\d*\}/g, ' ');
    return rules
      .flatMap(({ body }) => bare(body).match(/[a-z][a-z0-9-]*/g) ?? [])
      .filter((name) => !defined.has(name));
  };

  it('has every rule it uses, with each lever and with all', () => {
    const levers = ['lexicon', 'ban', 'verse', 'brackets', 'length', 'tags'] as const;
    for (const some of [[], ...levers.map((one) => [one]), levers]) {
      const options = {
        play: lantern,
        character: bruno,
        levers: some,
        onStage: ['BRUNO', 'MARTA'],
      };
      const text = recipeOf(options);
      expect(text).toMatch(/^root ::= /m);
      expect(missing(text), text.slice(0, 400)).toEqual([]);
    }
  });

  it('weighs where a speech stops by the hazard of the speeches', () => {
    const text = recipeOf({ play: lantern, character: marta, levers: ['length'] });
    const stop = Number(/after1 ::= sentence \(\/([\d.]+)\//.exec(text)![1]);
    expect(stop).toBeCloseTo(lengthHazard(lantern, marta).at(9), 3);
  });

  it('has labels of those on stage alone', () => {
    const options = { play: lantern, character: marta, levers: ['tags'] as const };
    expect(recipeOf({ ...options, onStage: ['MARTA'] })).toContain('label ::= "MARTA: "');
    expect(recipeOf({ ...options, onStage: ['MARTA'] })).not.toContain('BRUNO');
    expect(words(recipeOf(options))).not.toContain('label');
  });
});
