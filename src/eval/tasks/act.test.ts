import { describe, expect, it } from 'vitest';
import { about, mill, sourceOf } from '../../testing/plays/mill.ts';
import type { Request, SceneTurn } from '../task.ts';
import { type ActItem, act } from './act.ts';

const turnsOf = (request: Request | undefined): readonly SceneTurn[] => {
  if (request?.kind !== 'score' || request.context.kind !== 'scene') throw new Error('no scene');
  return request.context.turns;
};
const anchor = (name: string, item: ActItem): readonly SceneTurn[] =>
  turnsOf(act.anchors.find((one) => one.name === name)!.requests!(item)[0]);

/** A scene of many short turns: longer than one block, shorter than a window. */
const long = sourceOf(
  `# Counting\n\n## ACT I\n\n### SCENE I. A field.\n\n_Enter ANNA and PIET_\n\n${Array.from(
    { length: 40 },
    (_, i) => `**${i % 2 === 0 ? 'ANNA' : 'PIET'}**\nSheep number ${i} goes over the gate.\n`,
  ).join('\n')}`,
  {},
);

describe('act', () => {
  it('asks about every turn after the fourth, with the whole scene before it', () => {
    const items = act.items(mill).filter(({ scene }) => scene === '2.1');
    expect(items.map(({ place, speaker }) => `${place} ${speaker}`)).toEqual(['2.1.5 TILDA']);
    expect(items[0]!.context.map(({ speaker }) => speaker)).toEqual([
      'OSWIN',
      'TILDA',
      'ROLF',
      'OSWIN',
    ]);
    expect(turnsOf(act.requests(items[0]!)[0])).toEqual(items[0]!.context);
  });

  it('asks about the turns of one character only, if it is about one', () => {
    const speakers = act.items(about(mill, 'ROLF')).map(({ speaker }) => speaker);
    expect(new Set(speakers)).toEqual(new Set(['ROLF']));
  });

  it('cuts a long turn', () => {
    const words = Array.from({ length: 300 }, (_, i) => `word${i}`).join(' ');
    const source = sourceOf(
      `# Long\n\n## ACT I\n\n### SCENE I. A field.\n\n_Enter ANNA_\n\n${['a', 'b', 'c', 'd', words]
        .map((text, i) => `**${i % 2 === 0 ? 'ANNA' : 'PIET'}**\n${text}\n`)
        .join('\n')}`,
      {},
    );
    expect(act.items(source)[0]!.text.split(' ')).toHaveLength(80);
  });

  it('has the same turns in another order in the shuffled row, and none in the empty one', () => {
    const items = act.items(long);
    const changed = items.filter((item) => {
      const turns = anchor('shuffled', item);
      const sorted = (list: readonly SceneTurn[]): string[] => list.map(({ text }) => text).sort();
      expect(sorted(turns)).toEqual(sorted(item.context));
      expect(anchor('empty', item)).toEqual([]);
      return turns.at(-1)!.text !== item.context.at(-1)!.text;
    });
    expect(changed.length).toBeGreaterThan(items.length / 2);
  });

  it('shuffles so that contexts of a scene still share all but their last turns', () => {
    const items = act.items(long);
    items.slice(1).forEach((item, i) => {
      const before = anchor('shuffled', items[i]!);
      const shared = anchor('shuffled', item).findIndex(
        ({ text }, at) => text !== before[at]?.text,
      );
      expect(item.context.length - shared).toBeLessThanOrEqual(6 + 4);
    });
  });

  it('has one unit for each scene', () => {
    expect(new Set(act.items(mill).map((item) => act.unitOf!(item)))).toEqual(
      new Set(['1.1', '2.1']),
    );
  });
});
