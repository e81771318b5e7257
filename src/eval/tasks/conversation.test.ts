import { describe, expect, it } from 'vitest';
import type { Source } from '../../corpus/source.ts';
import { parsePlay } from '../../play/parse.ts';
import { harbour } from '../../testing/plays/harbour.ts';
import { lantern } from '../../testing/plays/lantern.ts';
import { anchorRows, figure } from './anchor-rows.test.support.ts';
import { duet } from './duet.ts';
import { quartet } from './quartet.ts';

const turn = (speaker: string, text: string): string => `**${speaker}**  \n${text}\n`;
const page = (scene: string): Source => ({
  ...harbour,
  sha256: scene.slice(0, 20),
  play: parsePlay(
    new TextEncoder().encode(`# The Quay\n\n## ACT I\n\n### SCENE I. A quay.\n\n${scene}`),
  ),
});

const two = (count: number, [a, b] = ['MARTA', 'BRUNO']): string[] =>
  Array.from({ length: count }, (_, i) => turn((i % 2 ? b : a)!, `Words of turn ${i}.`));

describe('A duet', () => {
  it('is a stretch of eight turns at least in which two people speak and nobody else', () => {
    const scene = [...two(9), turn('ODILE', 'Hush.'), ...two(7), turn('ODILE', 'Again: hush.')];
    const [first, ...others] = duet.items(page(scene.join('\n')));
    expect(others).toEqual([]);
    expect(first).toMatchObject({ scene: '1.1', place: '1.1.1', speakers: ['MARTA', 'BRUNO'] });
    expect(first!.turns).toHaveLength(9);
  });

  it('may begin with the end of another stretch', () => {
    const scene = [...two(4), ...two(8, ['ODILE', 'BRUNO'])];
    const [found] = duet.items(page(scene.join('\n')));
    expect(found!.speakers).toEqual(['BRUNO', 'ODILE']);
    expect(found!.turns).toHaveLength(9);
  });

  it('goes back and forth, and loses that when shuffled', () => {
    const items = duet.items(page(two(20).join('\n')));
    const original = figure(duet, 'ABA', anchorRows(duet, items, 'original'));
    expect(original).toBe(1);
    expect(figure(duet, 'ABA', anchorRows(duet, items, 'shuffled'))).toBeLessThan(0.8);
  });
});

describe('A quartet', () => {
  const names = ['MARTA', 'BRUNO', 'ODILE', 'HUGO'];
  const order = [0, 1, 0, 1, 2, 1, 2, 3, 2, 0, 2, 0];
  const scene = order.map((i) => turn(names[i]!, 'Words.')).join('\n');

  it('is a scene in which four people speak', () => {
    const [item, ...others] = quartet.items(page(scene));
    expect(others).toEqual([]);
    expect(item!.speakers).toEqual(names);
    expect(quartet.items(page(two(20).join('\n')))).toEqual([]);
    expect(quartet.items({ ...harbour, play: lantern })).toEqual([]);
  });

  it('is neither a round nor shuffled, and not all is back and forth', () => {
    const items = quartet.items(page(scene));
    const aba = (name: string): number => figure(quartet, 'ABA', anchorRows(quartet, items, name));
    expect(aba('original')).toBeCloseTo(7 / 10);
    expect(aba('round robin')).toBe(0);
    expect(aba('ABA')).toBe(1);
    expect(aba('shuffled')).toBeLessThan(7 / 10);
  });

  it('leaves all but two silent if whoever spoke before last speaks', () => {
    const items = quartet.items(page(scene));
    expect(figure(quartet, 'turn Gini', anchorRows(quartet, items, 'ABA'))).toBe(0.5);
    expect(figure(quartet, 'turn Gini', anchorRows(quartet, items, 'round robin'))).toBe(0);
  });

  it('asks nothing', () => {
    const [item] = quartet.items(page(scene));
    expect(quartet.requests(item!)).toEqual([]);
  });
});
