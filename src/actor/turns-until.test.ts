import { expect, it } from 'vitest';
import { parsePlace } from '../play/place.ts';
import { isSaidLater, turnsUntil } from './turns-until.ts';

const turns = [
  { text: 'early', at: '1.2' },
  { text: 'late', at: '3.1.20' },
  { text: 'after the end' },
  { text: 'again early', at: '1.2' },
];
const textsAt = (place?: string) =>
  turnsUntil(turns, place === undefined ? undefined : parsePlace(place)).map(({ text }) => text);

it('leaves out what was said at later points of the story, and when all of it was over', () => {
  expect(textsAt('1.2')).toEqual(['early', 'again early']);
  expect(textsAt('3.1.19')).toEqual(['early', 'again early']);
  expect(textsAt('3.1.20')).toEqual(['early', 'late', 'again early']);
});

it('keeps the words that are to be answered, wherever they were said', () => {
  expect(textsAt('1.1')).toEqual(['again early']);
  expect(isSaidLater(turns[3]!, parsePlace('1.1'))).toBe(true);
});

it('has every turn when all of the play is over', () => {
  expect(textsAt()).toEqual(turns.map(({ text }) => text));
});
