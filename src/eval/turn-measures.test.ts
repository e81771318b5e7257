import { describe, expect, it } from 'vitest';
import { guardedPlay } from '../stage/guards/guarded-play.ts';
import { playOf } from '../testing/plays/scene-table.ts';
import type { SceneTurn } from './task.ts';
import { turnMeasures, turnMetrics } from './turn-measures.ts';

const names = [
  { word: 'Marta', person: 'MARTA' },
  { word: 'Bruno', person: 'BRUNO' },
];
const turns = (...list: [string, string][]): SceneTurn[] =>
  list.map(([speaker, text]) => ({ speaker, text }));
const figures = (list: readonly SceneTurn[], speakers = ['MARTA', 'BRUNO', 'ODILE']) => {
  const item = { id: '', task: '', scene: '', place: '' };
  const values = turnMeasures(list, { speakers, names, order, guarded, scene: '' });
  const rows = [{ item, answers: [], values }];
  return Object.fromEntries(
    turnMetrics.map(({ name, of }) => [name, of ? of(rows) : values[name]!]),
  );
};

const guarded = guardedPlay(
  playOf({
    '1.1': [['MARTA', 'The river is high and the rope is old, and I would not cross tonight.']],
  }),
);
/** Whoever spoke before last is e times as likely as anybody else. */
const order = { weights: [1, ...new Array<number>(10).fill(0)], speeches: [] };

describe('A conversation', () => {
  it('is shared unevenly if somebody is silent', () => {
    const { 'turn Gini': turnGini, 'word Gini': wordGini } = figures(
      turns(['MARTA', 'one two'], ['BRUNO', 'three'], ['MARTA', 'four'], ['BRUNO', 'five']),
    );
    expect(turnGini).toBeCloseTo(1 / 3);
    expect(wordGini).toBeCloseTo((2 * (1 * 0 + 2 * 2 + 3 * 3)) / (3 * 5) - 4 / 3);
  });

  it('goes back to whoever spoke before last, or does not', () => {
    const list = turns(
      ['MARTA', 'a'],
      ['BRUNO', 'b'],
      ['MARTA', 'c'],
      ['ODILE', 'd'],
      ['BRUNO', 'e'],
    );
    expect(figures(list).ABA).toBeCloseTo(1 / 3);
    expect(figures(list.slice(0, 2)).ABA).toBeNaN();
  });

  it('is shared by all alike, or not', () => {
    const list = turns(['MARTA', 'a'], ['BRUNO', 'b'], ['MARTA', 'c'], ['BRUNO', 'd']);
    expect(figures(list)['speaker entropy']).toBeCloseTo(Math.log(2) / Math.log(3), 12);
  });

  it('has an order that was to be expected, or not, from the third turn on', () => {
    const nats = (...speakers: string[]) =>
      figures(turns(...speakers.map((name): [string, string] => [name, 'so'])))['turn nats'];
    expect(nats('MARTA', 'BRUNO', 'MARTA')).toBeCloseTo(Math.log(1 + Math.exp(-1)), 12);
    expect(nats('MARTA', 'BRUNO', 'ODILE')).toBeCloseTo(Math.log(1 + Math.E), 12);
    expect(nats('MARTA', 'BRUNO', 'MARTA', 'MARTA')).toBeCloseTo(Math.log(1 + Math.exp(-1)), 12);
    expect(nats('MARTA', 'BRUNO')).toBeNaN();
  });

  it('has turns that no play has, or that are taken from its own', () => {
    const list = turns(
      ['MARTA', 'Will you cross, Bruno?'],
      ['BRUNO', 'The river is high. MARTA: I know it.'],
      ['MARTA', 'As an AI language model I cannot.'],
      ['ODILE', 'She says the river is high and the rope is old.'],
    );
    expect(figures(list)).toMatchObject({ 'out of form': 0.5, copied: 0.25 });
    expect(figures(list.slice(0, 1))).toMatchObject({ 'out of form': 0, copied: 0 });
  });

  it('goes in a loop where two of eight turns repeat', () => {
    const again = 'I will not speak of it again.';
    const list = (repeats: number) =>
      turns(
        ...Array.from({ length: 9 }, (_, i): [string, string] => [
          i % 2 === 0 ? 'MARTA' : 'BRUNO',
          i % 2 === 0 && i / 2 <= repeats ? again : `word ${i}`,
        ]),
      );
    expect([0, 1, 2, 3].map((repeats) => figures(list(repeats)).loops)).toEqual([0, 0, 1, 1]);
    expect(figures(list(3).slice(0, 7)).loops).toBeNaN();
  });

  it('is answered by who was called by name', () => {
    const list = turns(
      ['ODILE', 'Where were you, Bruno?'],
      ['BRUNO', 'I spoke of Marta to nobody.'],
      ['ODILE', 'Marta, what say you?'],
      ['BRUNO', 'She says nothing.'],
    );
    expect(figures(list)['who is called answers']).toBe(0.5);
  });

  it('goes in circles where somebody says five words again, and echoes where they are another’s', () => {
    const list = turns(
      ['MARTA', 'The tide comes in before the night.'],
      ['BRUNO', 'I know the tide comes in before supper.'],
      ['MARTA', 'And I say the tide comes in before the moon.'],
    );
    const found = figures(list);
    expect(found['self-repeat']).toBeCloseTo(1 / 3);
    expect(found.echo).toBeCloseTo(2 / 3);
  });

  it('goes on about what was said, as far as words of meaning are in both of two turns', () => {
    const list = turns(
      ['MARTA', 'The tide is in the harbour.'],
      ['BRUNO', 'In the harbour? And who is there?'],
      ['BRUNO', 'The harbour!'],
      ['ODILE', 'It is so.'],
      ['MARTA', 'Let me be.'],
    );
    // Of one pair: what Bruno says twice running is no answer, and the others have no such words.
    expect(figures(list)['adjacent overlap']).toBe(1);
    expect(figures(list).questions).toBeCloseTo(1 / 5);
    expect(
      figures(turns(['MARTA', 'A tide, a boat.'], ['BRUNO', 'The boat sank.']))['adjacent overlap'],
    ).toBe(0.5);
  });

  it('shows who writes on in the place of others, and who says nothing', () => {
    const list = turns(
      ['MARTA', 'Good night.\nBRUNO: Good night, sister.'],
      ['BRUNO', 'Well. Bruno is tired.'],
      ['ODILE', 'I saw Bruno: he was asleep.'],
      ['MARTA', ''],
      ['ODILE', 'Then hush.\n\nMarta. I shall.'],
    );
    const found = figures(list);
    expect(found['speaking for others']).toBeCloseTo(2 / 5);
    expect(found.empty).toBeCloseTo(1 / 5);
  });

  it('collapses where voices fit at first and no more at last', () => {
    const voices = [1, 1, undefined, 0.5, 0, 0.5];
    const list = voices.map((voice, i) => ({
      speaker: i % 2 ? 'MARTA' : 'BRUNO',
      text: 'so it is',
      voice,
    }));
    const found = figures(list);
    expect(found['voice, first third']).toBe(1);
    expect(found['voice, last third']).toBe(0.25);
    expect(found['voice collapse']).toBe(0.75);
  });
});
