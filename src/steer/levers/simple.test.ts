import { describe, expect, it } from 'vitest';
import type { NativeModelInfo } from '../../engine/native.ts';
import { PieceTokenizer } from '../../testing/models/piece-model.ts';
import { castMember, lantern } from '../../testing/plays/lantern.ts';
import { noSteering } from '../steering.ts';
import { characterWords } from './character-words.ts';
import { lengthBand } from './length-band.ts';
import { readLexicon } from './lexicon.ts';
import { endBias } from './reply-length.ts';
import { simpleSteering } from './simple.ts';
import { speakerLabels } from './speaker-labels.ts';

const end = 900;
const tokenizer = new PieceTokenizer([' thou', ' AI', ' lantern', 'hath', '\n\n', '\n']);
const model = {
  tokenize: (text: string) => tokenizer.tokenize(text),
  detokenize: (tokens: Iterable<number>) => tokenizer.detokenize(tokens),
  info: { ends: Int32Array.of(end) } as unknown as NativeModelInfo,
};

describe('the lexicon', () => {
  it('pushes every word one way only', () => {
    const { towards, away } = readLexicon();
    const up = new Set(towards.flatMap(({ words }) => words));
    const down = away.flatMap(({ words }) => words);
    expect(down.filter((word) => up.has(word))).toEqual([]);
    expect(towards.every(({ weight }) => weight > 0)).toBe(true);
    expect(away.every(({ weight }) => weight < 0)).toBe(true);
  });
});

describe('the words of a character', () => {
  it('are those the others seldom say, names left out', () => {
    expect(characterWords(lantern, castMember('MARTA'))).toContain('lantern');
    expect(characterWords(lantern, castMember('MARTA'))).not.toContain('tide');
    expect(characterWords(lantern, castMember('BRUNO'))).toContain('tide');
  });
});

describe('the length band', () => {
  it('follows the lengths of the character’s speeches', () => {
    const brief = lengthBand(lantern, castMember('MARTA'));
    const long = lengthBand(lantern, castMember('BRUNO'));
    expect(long.median).toBeGreaterThan(brief.median);
    expect(long.most).toBeGreaterThan(brief.most);
    expect(brief.least).toBeLessThan(brief.median);
    expect(brief.median).toBeLessThan(brief.most);
  });

  it('bans the end below it, leaves it alone inside a sentence, and makes it certain above', () => {
    const band = { least: 3, median: 6, most: 9 };
    const said = (count: number, mark = ''): string => `${'word '.repeat(count).trim()}${mark}`;
    expect(endBias(said(2, '.'), band)).toBe(Number.NEGATIVE_INFINITY);
    expect(endBias(said(4, '.'), band)).toBe(0);
    expect(endBias(said(7), band)).toBe(0);
    expect(endBias(said(7, '.'), band)).toBeGreaterThan(endBias(said(6, '!'), band));
    expect(endBias(said(20, '?”'), band)).toBeGreaterThan(20);
    expect(endBias(said(20, ','), band)).toBe(0);
  });
});

describe('simple steering', () => {
  it('stops where anyone else begins to speak, on a line of their own', () => {
    const stops = speakerLabels(lantern);
    for (const label of ['\nBRUNO:', '\nBruno:', '\nOLD HUGO.', '\nOld Hugo:', '\nVisitor:'])
      expect(stops).toContain(label);
    expect(stops.every((stop) => stop.startsWith('\n'))).toBe(true);
  });

  it('bans the end and a new paragraph at first, and the assistant always', () => {
    const steering = simpleSteering(model, lantern, castMember('MARTA'));
    expect(steering.bias.get(end)).toBe(Number.NEGATIVE_INFINITY);
    expect(steering.bias.get(tokenizer.id('\n\n'))).toBe(Number.NEGATIVE_INFINITY);
    expect(steering.bias.get(tokenizer.id(' AI'))).toBeLessThan(-10);
    expect(steering.bias.get(tokenizer.id(' thou'))).toBeGreaterThan(0);
    expect(steering.stop).toContain('\nBRUNO:');
  });

  it('gives a new bias only when it changes, and always after the first token of a reply', () => {
    const steering = simpleSteering(model, lantern, castMember('MARTA'));
    expect(steering.after('word', 1)).toBeDefined();
    expect(steering.after('word wor', 2)).toBe(steering.after('word', 1));
    const long = `${'word '.repeat(30)}end.`;
    expect(steering.after(long, 31)?.get(end)).toBeGreaterThan(0);
    expect(steering.after('word', 1)?.get(end)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('allows as many tokens as its longest speeches have', () => {
    const brief = simpleSteering(model, lantern, castMember('MARTA'));
    const long = simpleSteering(model, lantern, castMember('BRUNO'));
    expect(long.maxTokens).toBeGreaterThan(brief.maxTokens);
  });

  it('explains itself, and says nothing when it is off', () => {
    const { towards, away, lengthWords } = simpleSteering(
      model,
      lantern,
      castMember('MARTA'),
    ).explain();
    expect(towards).toContain('lantern');
    expect(away).toContain('language model');
    expect(lengthWords?.[0]).toBeLessThan(lengthWords![1]);
    expect(noSteering().explain()).toEqual({ towards: [], away: [] });
    expect(noSteering().bias.size).toBe(0);
  });
});
