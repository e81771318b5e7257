import { describe, expect, it } from 'vitest';
import { parsePlay } from '../../play/parse.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import { answersBy, saltRoad, sourceOf } from '../../testing/plays/salt-road.ts';
import { cloze, type NameItem, type WordItem } from './cloze.ts';
import { namePassagesOf, nameQuestion, namesRightly } from './cloze-names.ts';
import { gapsOf } from './cloze-words.ts';

/** A play with enough words that occur again: 680 made-up ones, about three times each. */
const speakers = ['ANNA', 'BERT', 'CORA'];
const stems = ['brindle', 'hollow', 'mallow', 'thistle', 'candle', 'furrow', 'cellar', 'barrow'];
const coined = (n: number): string =>
  stems[n % 8]! + 'abcdefghijklmnopq'[(n >> 3) % 17] + 'aeiou'[n % 5];
const spoken = (i: number): string =>
  Array.from({ length: 14 }, (_, k) => coined((i * 131 + k * k * 17 + k * 29) % 680)).join(' the ');
const scene = (heading: string, from: number): string =>
  `### ${heading}\n\n_Enter ANNA, BERT and CORA_\n\n${Array.from(
    { length: 80 },
    (_, i) => `**${speakers[(from + i) % 3]}**  \nWell, ${spoken(from + i)}, and so to bed.\n`,
  ).join('\n')}\n_Exeunt_\n`;
const longPlay = parsePlay(
  new TextEncoder().encode(
    `# The Drawn Words\n\n## ACT I\n\n${scene('SCENE I. A field.', 0)}\n${scene('SCENE II. A barn.', 80)}`,
  ),
);

const source = sourceOf(longPlay, { parts: { '1.2': 'holdout' } });
const isWord = (item: { readonly kind: string }): item is WordItem => item.kind === 'word';
const items = cloze.items(source).filter(isWord);
const anchor = (name: string) => cloze.anchors.find((one) => one.name === name)!;

describe('cloze of words', () => {
  it('asks for a word of the speech by what stands before it', () => {
    const texts = new Map(
      sceneTurns(longPlay).flatMap(({ turns }) => turns.map(({ place, text }) => [place, text])),
    );
    for (const { place, before, options } of items)
      expect(texts.get(place)).toContain(`${before} ${options[0]}`);
  });

  it('offers four different words as common within a factor of two, of which the speech has one', () => {
    const all = words(
      sceneTurns(longPlay)
        .flatMap(({ turns }) => turns.map(({ text }) => text))
        .join(' '),
    );
    for (const { turn, options, counts } of gapsOf(source)) {
      expect(new Set(options).size).toBe(4);
      expect(counts).toEqual(options.map((option) => all.filter((word) => word === option).length));
      expect(Math.max(...counts)).toBeLessThan(2 * Math.min(...counts));
      const inSpeech = words(turn.text);
      expect(options.filter((option) => inSpeech.includes(option))).toEqual([options[0]]);
    }
  });

  it('asks at most forty of each part, in the order of the play', () => {
    for (const scene of ['1.1', '1.2']) {
      const own = items.filter((item) => item.scene === scene);
      expect(own).toHaveLength(40);
      const lines = own.map(({ place }) => Number(place.split('.')[2]));
      expect(lines).toEqual([...lines].sort((a, b) => a - b));
    }
  });

  it('keeps to the speeches of a character', () => {
    const hers = cloze.items(sourceOf(longPlay, { character: 'CORA' })).filter(isWord);
    expect(new Set(hers.map(({ speaker }) => speaker))).toEqual(new Set(['CORA']));
  });

  it('counts the word that what stands before makes likelier', () => {
    for (const item of items) {
      const answers = answersBy(cloze.requests(item), (word, { context }) => {
        const isAlone = context.kind === 'text' && context.text === `${item.speaker}.`;
        return word === ` ${item.options[0]}` ? -1 : isAlone ? -9 : -2;
      });
      // The others become likelier by what stands before, so the right one is likeliest and yet wrong.
      expect(cloze.measure(item, answers)).toEqual({ accuracy: 0, 'raw accuracy': 1 });
      expect(anchor('empty').values!(item).accuracy).toBe(1 / 4);
    }
  });

  it('shuffles the words before the gap and nothing else', () => {
    for (const item of items) {
      const [request] = anchor('shuffled').requests!(item);
      if (request?.context.kind !== 'text') throw new Error('a text is wanted');
      const shown = request.context.text.slice(item.speaker.length + 2);
      expect(shown.split(' ').sort()).toEqual(item.before.split(' ').sort());
    }
  });
});

describe('cloze of names', () => {
  const passages = namePassagesOf(sourceOf(saltRoad));
  const names = cloze
    .items(sourceOf(saltRoad))
    .filter((item): item is NameItem => item.kind === 'name');

  it('has passages with one name, which is masked', () => {
    expect(passages.map(({ name }) => name)).toEqual(['Petra', 'Ivo', 'Oswin']);
    for (const { text, turn, name } of passages) {
      expect(text).toContain('[MASK]');
      expect(text.replace('[MASK]', name)).toBe(turn.text);
      expect(text).not.toMatch(/Ivo|Petra|Oswin|Magda/);
    }
  });

  it('asks for the name greedily, the passage last', () => {
    const [request] = cloze.requests(names[0]!);
    expect(request).toMatchObject({ kind: 'text', temperature: 0 });
    expect(request!.context).toEqual({ kind: 'text', text: nameQuestion(names[0]!.text) });
    expect(nameQuestion('A passage.').endsWith('Passage: A passage.\nName:')).toBe(true);
  });

  it('takes the first word of an answer, and no other name', () => {
    for (const answer of ['Petra', ' Petra.', 'PETRA\nPassage:', 'Petra, of course'])
      expect(namesRightly(answer, 'Petra'), answer).toBe(true);
    for (const answer of ['', 'Peter', 'Petras', 'It is Petra'])
      expect(namesRightly(answer, 'Petra'), answer).toBe(false);
  });

  it('measures names apart from words', () => {
    for (const item of names) {
      const answer = { kind: 'text', text: item.name, tokens: 1, stop: 'end' } as const;
      expect(cloze.measure(item, [answer])).toEqual({ names: 1 });
      expect(cloze.measure(item, [{ ...answer, text: 'Bruno' }])).toEqual({ names: 0 });
      expect(anchor('shuffled').requests!(item)).toEqual([]);
    }
  });
});
