import { beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../corpus/source.ts';
import { auc } from '../../measure/statistics/auc.ts';
import { prng } from '../../measure/statistics/prng.ts';
import { copying } from '../../measure/text/copying.ts';
import { countWords } from '../../measure/text/delta.ts';
import { distinctShare } from '../../measure/text/diversity.ts';
import { maskBreak } from '../../measure/text/mask-break.ts';
import { type SpokenText, spokenTexts, trainTextOf } from '../../measure/text/train-text.ts';
import { TrigramModel } from '../../measure/text/trigram-model.ts';
import { voiceReference } from '../../measure/text/voice-reference.ts';
import { addressForms } from '../../play/pronouns.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { loadPronunciations } from '../../play/verse/syllables.ts';
import { isProse, isVerse, pentameterShare, windowsOf } from '../../play/verse/verses.ts';
import { words } from '../../play/words.ts';
import { realPlays } from '../../testing/real-plays.ts';
import { transcriptMeasures } from '../transcript-measures.ts';
import { anchorRows, figure, itemsIn } from './anchor-rows.test.support.ts';
import { mask } from './mask.ts';
import { metre } from './metre.ts';
import { quartet } from './quartet.ts';
import { recite } from './recite.ts';
import { style } from './style.ts';

const plays = ['hamlet', 'macbeth'] as const;
/** Who has at least 800 words outside the scenes for training. */
const pooledWell = {
  hamlet: ['HAMLET', 'KING CLAUDIUS', 'LORD POLONIUS'],
  macbeth: ['MACBETH', 'LADY MACBETH'],
} as const;

let sources: ReadonlyMap<string, Source>;
beforeAll(async () => {
  await loadPronunciations();
  sources = await realPlays();
});
const sourceOf = (id: (typeof plays)[number]): Source => sources.get(id)!;
const inPart = (source: Source, isIn: (part: string) => boolean): SpokenText[] =>
  spokenTexts(source).filter(({ scene }) => isIn(source.split.partOf(scene)));
const wordsOf = (speeches: readonly SpokenText[], name?: string): string[] =>
  speeches
    .filter(({ speakers }) => name === undefined || speakers[0] === name)
    .flatMap(({ words: own }) => own);
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1]!;

describe('The words of the plays', () => {
  it('cost a trigram model less than a salad of them, and recited ones hardly anything', () => {
    const all = plays.map(sourceOf);
    const model = new TrigramModel(
      all.flatMap((source) => trainTextOf(source).speeches.map(({ words: own }) => own)),
    );
    const random = prng(1);
    const bits = { original: 0, salad: 0, recited: 0 };
    const samples = plays.flatMap((id) => pooledWell[id].map((name) => ({ id, name })));
    for (const { id, name } of samples) {
      const own = trainTextOf(sourceOf(id)).by(name);
      const vocabulary = wordsOf(own);
      const salad = Array.from(
        { length: 1000 },
        () => vocabulary[Math.floor(random() * vocabulary.length)]!,
      );
      const held = inPart(sourceOf(id), (part) => part === 'holdout');
      bits.original += model.bitsPerWord(wordsOf(held, name)) / samples.length;
      bits.salad += model.bitsPerWord(salad) / samples.length;
      bits.recited += model.bitsPerWord(vocabulary) / samples.length;
    }
    // The reference: 10.51, 11.68 and 3.31, with smoothing of its own.
    expect(bits.original).toBeCloseTo(10.45, 0);
    expect(bits.salad - bits.original).toBeGreaterThan(0.7);
    expect(bits.recited).toBeLessThan(3.5);
  });

  for (const [id, verse, prose] of [
    ['hamlet', 0.87, 0.42],
    ['macbeth', 0.81, 0.36],
  ] as const)
    it(`are verse in ${id} where they are printed so, by their syllables`, () => {
      const speeches = spokenTexts(sourceOf(id));
      // The first and the last line of a speech may be halves.
      const lines = speeches
        .filter(({ lines: printed }) => isVerse(printed))
        .flatMap(({ lines: printed }) => printed.slice(1, -1).map(words));
      const windows = windowsOf(wordsOf(speeches.filter(({ lines: own }) => isProse(own)))).pieces;
      expect(Math.abs(pentameterShare(lines) - verse)).toBeLessThan(0.05);
      expect(Math.abs(pentameterShare(windows) - prose)).toBeLessThan(0.15);
    });

  for (const [id, name, thou, you] of [
    ['hamlet', 'HAMLET', 8, 27],
    ['hamlet', 'KING CLAUDIUS', 6, 33],
    ['macbeth', 'MACBETH', 16, 16],
    ['macbeth', 'LADY MACBETH', 14, 35],
  ] as const)
    it(`call others thou and you as ${name} does, and do not go in circles`, () => {
      const own = wordsOf(spokenTexts(sourceOf(id)), name);
      const forms = addressForms(own);
      expect(Math.abs((1000 * forms.thou) / own.length - thou)).toBeLessThan(2);
      expect(Math.abs((1000 * forms.you) / own.length - you)).toBeLessThan(2);
      const runs = (n: number) =>
        own.slice(0, 1001 - n).map((_, at) => own.slice(at, at + n).join(' '));
      const distinct = (n: number) => distinctShare([runs(n)], 1001 - n);
      expect(distinct(1)).toBeCloseTo(0.45, 1);
      expect(distinct(2)).toBeCloseTo(0.94, 1);
      expect(distinct(3)).toBeGreaterThan(0.98);
    });

  for (const id of plays)
    it(`of ${id} that are held out are not copied from the rest, and never out of role`, () => {
      const corpus = trainTextOf(sourceOf(id)).runs;
      const held = inPart(sourceOf(id), (part) => part === 'holdout');
      let sixGrams = 0;
      for (const { lines, words: own } of held) {
        const found = copying(lines.join('\n'), corpus);
        expect(found.longestRun).toBeLessThanOrEqual(6);
        sixGrams += found.sixGrams * Math.max(0, own.length - 5);
      }
      expect(sixGrams / wordsOf(held).length).toBeLessThan(0.0005);
      for (const { lines } of spokenTexts(sourceOf(id)))
        expect(maskBreak(lines.join('\n'), ''), lines.join('\n')).toBeUndefined();
    });
});

describe('Voices', () => {
  it('are told apart on pooled words of the scenes that nobody was trained on', () => {
    const own: number[] = [];
    const others: number[] = [];
    for (const id of plays) {
      const text = trainTextOf(sourceOf(id));
      const rest = inPart(sourceOf(id), (part) => part !== 'train');
      for (const name of pooledWell[id]) {
        const voice = voiceReference(text, name);
        const percentile = (of: string): number =>
          voice.percentile([countWords(wordsOf(rest, of), voice.scale)]);
        own.push(percentile(name));
        for (const other of text.speakers.slice(0, 7))
          if (other !== name) others.push(percentile(other));
      }
    }
    const told = others.filter((value) => !Number.isNaN(value));
    expect(auc(own, told)).toBeGreaterThan(0.75);
    expect(Math.abs(own.reduce((sum, value) => sum + value, 0) / own.length - 0.5)).toBeLessThan(
      0.25,
    );
  });
});

describe('The anchors', () => {
  for (const id of plays)
    for (const name of pooledWell[id])
      it(`of ${name} fall in the order they must`, () => {
        const character = sourceOf(id).play.cast.find((member) => member.name === name);
        const source = { ...sourceOf(id), character };
        for (const part of ['train', 'holdout'] as const) {
          const styled = itemsIn(style, source, part);
          const voice = (anchor: string): number =>
            figure(style, 'voice', anchorRows(style, styled, anchor));
          expect(voice('original')).toBeGreaterThan(0);
          for (const anchor of ['shuffled', 'recitation', 'empty'])
            expect(voice(anchor), anchor).toBe(0);
          const like = (anchor: string): number =>
            figure(metre, 'like own', anchorRows(metre, itemsIn(metre, source, part), anchor));
          expect(like('original')).toBeGreaterThan(0.9);
          expect(like('empty')).toBe(0);
          const held = (anchor: string): number =>
            figure(mask, 'held', anchorRows(mask, itemsIn(mask, source, part), anchor));
          expect(['original', 'assistant', 'silent'].map(held)).toEqual([1, 0, 0]);
          const extracted = (anchor: string): number =>
            figure(recite, 'extracted', anchorRows(recite, itemsIn(recite, source, part), anchor));
          expect(['original', 'shuffled', 'recitation'].map(extracted)).toEqual([0, 0, 1]);
        }
      });
});

describe('Conversations', () => {
  for (const [id, aba, turnGini, wordGini] of [
    ['hamlet', 0.7, 0.35, 0.53],
    ['macbeth', 0.57, 0.24, 0.42],
  ] as const)
    it(`in ${id} are shared as the reference found`, () => {
      const items = quartet.items(sourceOf(id));
      const rows = (name: string): number =>
        figure(quartet, 'ABA', anchorRows(quartet, items, name));
      expect(rows('original')).toBeCloseTo(aba, 1);
      expect(rows('round robin')).toBe(0);
      expect(rows('shuffled')).toBeLessThan(rows('original') - 0.2);
      for (const [metric, than] of [
        ['adjacent overlap', (original: number, other: number) => original > other + 0.01],
        ['turn nats', (original: number, other: number) => original < other - 0.05],
      ] as const) {
        const figureOf = (name: string) =>
          figure(quartet, metric, anchorRows(quartet, items, name));
        expect(than(figureOf('original'), figureOf('shuffled')), metric).toBe(true);
      }
      const scenes = sceneTurns(sourceOf(id).play)
        .map(({ turns }) => turns)
        .filter((turns) => new Set(turns.map(({ speaker }) => speaker)).size > 1)
        .map((turns) => transcriptMeasures([turns], sourceOf(id).play));
      const of = (metric: string): number => median(scenes.map((values) => values[metric]!));
      expect(Math.abs(of('turn Gini') - turnGini)).toBeLessThan(0.04);
      expect(Math.abs(of('word Gini') - wordGini)).toBeLessThan(0.04);
    });

  it('sound less like their speakers when speakers are swapped', () => {
    const items = plays.flatMap((id) => quartet.items(sourceOf(id)));
    const voices = (name: string): number[] =>
      ['first', 'last'].map((part) =>
        figure(quartet, `voice, ${part} third`, anchorRows(quartet, items, name)),
      );
    // Measured: .63 and .56 against .48 and .48, where .5 is chance.
    expect(Math.min(...voices('original'))).toBeGreaterThan(0.55);
    expect(Math.max(...voices('swapped speakers'))).toBeLessThan(0.5);
  });
});
