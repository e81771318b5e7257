import { describe, expect, it } from 'vitest';
import type { Card, CardWords } from '../../play/cast/character-card.ts';
import { displayName } from '../../play/cast/display-name.ts';
import { comparePlaces, parsePlace } from '../../play/place.ts';
import { words } from '../../play/words.ts';
import { cardFiles, isFull, wordsAt } from './card.ts';
import { cardRelations, relationSentence } from './relations.ts';

const files = cardFiles();
const cards: readonly Card[] = files.flatMap((file) => file.cards);
const byScene = (told: CardWords | undefined): Readonly<Record<string, string>> =>
  typeof told === 'string' ? { '1.1': told } : (told ?? {});

describe('data/cards', () => {
  it('has whole cards of the ten main characters', () => {
    const full = cards.filter(isFull).map(({ name }) => name);
    expect(full.sort()).toEqual([
      'BANQUO',
      'CLAUDIUS',
      'GERTRUDE',
      'HAMLET',
      'HORATIO',
      'LADY MACBETH',
      'MACBETH',
      'MACDUFF',
      'OPHELIA',
      'POLONIUS',
    ]);
  });

  it('names nobody twice, neither by card nor by relation', () => {
    for (const file of files) {
      const names = file.cards.map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
      for (const card of file.cards) {
        const persons = cardRelations(card).map(({ person }) => person);
        expect(persons, card.name).toEqual([...new Set(persons)]);
        expect(persons).not.toContain(card.name);
      }
    }
  });

  it('tells of everybody in the first person', () => {
    for (const card of cards) {
      const told = [
        ...cardRelations(card).flatMap((one) => [one.call ?? '', relationSentence(one)]),
        ...[card.want, card.love, card.hate, card.fear, card.serve].flatMap((one) =>
          Object.values(byScene(one)),
        ),
        ...Object.values(card.moments ?? {}),
      ].join('\n');
      expect(told.match(/\b(?:you|your|yours|thou|thy)\b/gi), card.name).toBeNull();
    }
  });

  it('says something of everybody whom it lists', () => {
    for (const card of cards)
      for (const relation of cardRelations(card))
        expect(relation.call ?? relationSentence(relation), relation.person).not.toBe('');
  });

  for (const card of cards.filter(isFull)) {
    const { name, role, relations, manner, moments } = card;
    it(`describes ${name} in 40 to 90 words, and moments in the order of the play`, () => {
      const sentences = relations.map(relationSentence);
      const text = [`You are ${displayName(name)}, ${role}.`, ...sentences, manner].join(' ');
      expect(words(text).length).toBeGreaterThanOrEqual(40);
      expect(words(text).length).toBeLessThanOrEqual(90);
      expectInOrder(moments);
      expect(Object.keys(moments)).toContain('end');
      for (const moment of Object.values(moments))
        expect(words(moment).length).toBeLessThanOrEqual(40);
    });

    it(`says what ${name} wants, loves, hates, fears and serves, a sentence each`, () => {
      for (const kind of ['want', 'love', 'hate', 'fear', 'serve'] as const) {
        const told = byScene(card[kind]);
        expectInOrder(told);
        for (const sentence of Object.values(told)) {
          expect(sentence).toMatch(/^I [^.]*\.$/);
          expect(words(sentence).length).toBeLessThanOrEqual(25);
        }
      }
    });
  }
});

describe('wordsAt', () => {
  const told = { '1.1': 'early', '2.1': 'later', end: 'over' };

  it('gives what held last when a scene begins', () => {
    expect(wordsAt(told, parsePlace('1.5'))).toBe('early');
    expect(wordsAt(told, parsePlace('2.1'))).toBe('later');
    expect(wordsAt(told, parsePlace('5.2.10'))).toBe('later');
  });

  it('gives the end, or what held last, without a place', () => {
    expect(wordsAt(told)).toBe('over');
    expect(wordsAt({ '1.1': 'early', '2.1': 'later' })).toBe('later');
    expect(wordsAt('always', parsePlace('1.1'))).toBe('always');
    expect(wordsAt(undefined)).toBe('');
  });
});

/** From the first scene on, each later than the one before. */
function expectInOrder(told: Readonly<Record<string, string>>): void {
  const places = Object.keys(told)
    .filter((scene) => scene !== 'end')
    .map(parsePlace);
  expect(places[0]).toEqual({ act: 1, scene: 1 });
  expect(places).toEqual([...places].sort(comparePlaces));
}
