import { describe, expect, it } from 'vitest';
import { ownWords, playOf } from '../../testing/plays/scene-table.ts';
import type { Source } from '../source.ts';
import type { RowRequest } from './row-options.ts';
import type { TrainingRow } from './training-row.ts';
import { trainingRows } from './training-rows.ts';

const source: Source = {
  id: 'invented',
  play: playOf({
    '1.1': [
      ['ADA', 'Who put the salt upon the left pan?'],
      ['BEN', 'Not I.'],
      ['CLEO', ownWords('cleo', 30)],
      ['ADA', 'Enough.'],
      ['ALL', 'The beam! The beam!'],
    ],
    '1.2': [['BEN', 'The scale is false; my father filed the beam himself.']],
    '2.1': [['CLEO', 'Held out, and not to be learnt.']],
  }),
  sha256: 'e'.repeat(64),
  split: { folds: 5, partOf: (scene) => (scene === '2.1' ? 'holdout' : 'train'), foldOf: () => 0 },
  character: undefined,
};

const pages = (more: RowRequest = {}): TrainingRow[] =>
  trainingRows(source, { kinds: ['page'], everyone: true, ...more });

describe('Rows of pages', () => {
  it('teach each speech of the train scenes once, under the label of who says it', () => {
    const rows = pages({ words: 24, contextWords: 4 });
    const learnt = rows.flatMap(({ turns }) => turns.filter(({ lossWeight }) => lossWeight > 0));
    expect(learnt.map(({ speaker, place }) => `${speaker} ${place}`)).toEqual([
      'ADA 1.1.1',
      'BEN 1.1.2',
      'CLEO 1.1.3',
      'ADA 1.1.4',
      'BEN 1.2.1',
    ]);
  });

  it('begin with words before them and end with what is learnt; what many say at once is read at most', () => {
    const rows = pages({ words: 24, contextWords: 4 });
    expect(rows.map(({ turns }) => turns.map(({ lossWeight }) => lossWeight))).toEqual([
      [1, 1],
      [0, 1],
      [0, 1],
      [1],
    ]);
    expect(rows[1]!.turns[0]).toMatchObject({ speaker: 'BEN', text: 'Not I.' });
    expect(pages()[0]!.turns.map(({ speaker }) => speaker)).toEqual(['ADA', 'BEN', 'CLEO', 'ADA']);
  });

  it('show nobody’s persona or memory', () => {
    for (const { shows } of pages()) expect(shows).toMatchObject({ persona: false, memory: false });
  });

  it('weigh who says little the more, in balance', () => {
    const [page] = pages({ balance: 1 });
    const weights = new Map(page!.turns.map(({ speaker, lossWeight }) => [speaker, lossWeight]));
    expect(weights.get('CLEO')!).toBeLessThan(weights.get('ADA')!);
  });

  it('are refused for one character', () => {
    const cast = source.play.cast.find(({ name }) => name === 'ADA');
    expect(() => trainingRows({ ...source, character: cast }, { kinds: ['page'] })).toThrow(
      'everybody',
    );
  });
});
