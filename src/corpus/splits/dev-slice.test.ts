import { describe, expect, it } from 'vitest';
import { playOf, type SceneTable } from '../../testing/plays/scene-table.ts';
import type { Source } from '../source.ts';
import { devSlice, withDev } from './dev-slice.ts';
import type { SceneSplit, SplitPart } from './scene-split.ts';

let next = 0;
/** So many words that stand nowhere else. */
const said = (count: number): string => Array.from({ length: count }, () => `w${next++}`).join(' ');

const table: SceneTable = {
  '1.1': [['NELL', said(100)]],
  '1.2': [['NELL', said(20)]],
  '1.3': [['NELL', said(50)]],
  '1.4': [['TOM', said(40)]],
  '2.1': [['TOM', said(40)]],
};
const parts: Record<string, SplitPart> = { '1.4': 'dev', '2.1': 'holdout' };
const split: SceneSplit = { folds: 5, partOf: (scene) => parts[scene] ?? 'train', foldOf: () => 0 };

function sourceOf(name: string, scenes = table): Source {
  const play = playOf(scenes);
  return {
    id: 'x',
    play,
    sha256: '',
    split,
    character: play.cast.find((one) => one.name === name),
  };
}

describe('The slice of train that stands for dev', () => {
  it('is the scene with about an eighth of what the character says, and no other changes its part', () => {
    const slice = devSlice(sourceOf('NELL'))!;
    expect(slice.scenes).toEqual(['1.2']);
    expect(Object.keys(table).map(slice.split.partOf)).toEqual([
      ...['train', 'dev', 'train', 'dev', 'holdout'],
    ]);
  });

  it('takes scenes together that share words', () => {
    const again = said(20);
    const slice = devSlice(
      sourceOf('NELL', { ...table, '1.2': [['NELL', again]], '1.5': [['NELL', again]] }),
    );
    expect(slice!.scenes).toEqual(['1.2', '1.5']);
  });

  it('is left out where the character would have too little left to learn', () => {
    expect(devSlice(sourceOf('TOM'))).toBeUndefined();
    const { '1.3': _, ...two } = table;
    expect(devSlice(sourceOf('NELL', two))).toBeUndefined();
    expect(devSlice({ ...sourceOf('NELL'), character: undefined })).toBeUndefined();
  });

  it('can be taken again by its scenes', () => {
    const slice = devSlice(sourceOf('NELL'))!;
    const again = withDev(split, slice.scenes);
    for (const scene of Object.keys(table))
      expect(again.partOf(scene)).toBe(slice.split.partOf(scene));
  });
});
