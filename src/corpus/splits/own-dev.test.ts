import { describe, expect, it } from 'vitest';
import { playOf } from '../../testing/plays/scene-table.ts';
import type { Source } from '../source.ts';
import { withOwnDev } from './own-dev.ts';
import type { SplitPart } from './scene-split.ts';

const own = (scene: string, count: number): string =>
  Array.from({ length: count }, (_, i) => `w${scene}x${i}`).join(' ');
const play = playOf({
  '1.1': [['NELL', own('a', 100)]],
  '1.2': [['NELL', own('b', 20)]],
  '1.3': [['NELL', own('c', 50)]],
  '1.4': [['TOM', own('d', 40)]],
});
const parts: Record<string, SplitPart> = { '1.4': 'dev' };
const sourceOf = (name?: string): Source => ({
  ...{ id: 'x', play, sha256: '' },
  split: { folds: 5, partOf: (scene) => parts[scene] ?? 'train', foldOf: () => 0 },
  character: play.cast.find((one) => one.name === name),
});

describe('withOwnDev', () => {
  it('gives a character without a word in dev some train scenes of theirs', () => {
    const { source, scenes } = withOwnDev(sourceOf('NELL'));
    expect(scenes).toEqual(['1.2']);
    expect(['1.1', '1.2', '1.4'].map(source.split.partOf)).toEqual(['train', 'dev', 'dev']);
  });

  it('leaves alone who speaks in dev, and everybody together', () => {
    for (const name of ['TOM', undefined]) {
      const given = sourceOf(name);
      expect(withOwnDev(given)).toEqual({ source: given, scenes: undefined });
    }
  });
});
