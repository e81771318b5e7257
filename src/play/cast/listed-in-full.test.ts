import { describe, expect, it } from 'vitest';
import { listedInFull } from './listed-in-full.ts';

const pairs = (labels: string[], listed: string[]) =>
  Object.fromEntries(listedInFull(labels, listed));

describe('Listed names in full', () => {
  it('are those whose words a label has, where nobody else has them', () => {
    expect(pairs(['NELL', 'MISS HARROW'], ['NELL HARROW', 'MISS AGNES HARROW'])).toEqual({
      NELL: 'NELL HARROW',
      'MISS HARROW': 'MISS AGNES HARROW',
    });
    expect(pairs(['CROSS'], ['JUDGE CROSS'])).toEqual({ CROSS: 'JUDGE CROSS' });
  });

  it('are found for a family name when the others of it have labels of their own', () => {
    const listed = ['GEORGE HARROW', 'NELL HARROW', 'MISS AGNES HARROW'];
    expect(pairs(['HARROW', 'NELL', 'MISS HARROW'], listed).HARROW).toBe('GEORGE HARROW');
    expect(pairs(['HARROW', 'NELL'], listed)).toEqual({
      NELL: 'NELL HARROW',
      HARROW: 'GEORGE HARROW',
    });
    expect(pairs(['HARROW'], ['GEORGE HARROW', 'JOHN HARROW'])).toEqual({});
    expect(pairs(['HARROW', 'NELL'], ['NELL HARROW'])).toEqual({});
  });

  it('are nobody of whom a word makes another person', () => {
    for (const listed of ['MRS. CROSS', 'YOUNG CROSS', 'GHOST OF CROSS', "CROSS'S MAID", 'CROSS'])
      expect(pairs(['CROSS'], [listed])).toEqual({});
    expect(pairs(['KING', 'THE'], ['KING OF THE HILLS'])).toEqual({});
  });
});
