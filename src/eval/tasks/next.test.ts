import { describe, expect, it } from 'vitest';
import type { Row, Values } from '../../measure/row.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { answersBy, saltRoad, sourceOf } from '../../testing/plays/salt-road.ts';
import { windowBefore } from '../turn-windows.ts';
import { type NextItem, next } from './next.ts';

const items = next.items(sourceOf(saltRoad));
const scenes = sceneTurns(saltRoad);
const isAba = ({ speaker, spokeBeforeLast }: NextItem): boolean => speaker === spokeBeforeLast;
const anchor = (name: string) => next.anchors.find((one) => one.name === name)!;
const rowsOf = (values: (item: NextItem) => Values): Row<NextItem>[] =>
  items.map((item) => ({ item, answers: [], values: values(item) }));
const [balanced] = next.metrics;

describe('next', () => {
  it('asks about every turn from the third of its scene on', () => {
    expect(items.map(({ place }) => place)).toEqual(
      scenes.flatMap(({ turns }) => turns.slice(2).map(({ place }) => place)),
    );
  });

  it('lets those on stage come next, who spoke last not', () => {
    const item = items.find(({ scene }) => scene === '2.1')!;
    expect(item).toMatchObject({ speaker: 'PETRA', candidates: ['IVO', 'PETRA'] });
    expect(item.context.at(-1)?.speaker).toBe('MAGDA');
  });

  it('always has who comes next among the candidates, joint speakers each', () => {
    for (const { candidates, speakers } of items)
      expect(candidates).toEqual(expect.arrayContaining([...speakers]));
    const joint = items.find(({ speakers }) => speakers.length > 1)!;
    expect(joint.speaker).toBe('OSWIN and MAGDA');
    expect(joint.candidates).toEqual(expect.arrayContaining(['MAGDA', 'OSWIN']));
  });

  it('shows the scene so far', () => {
    for (const { turns } of scenes)
      for (const [at, turn] of turns.entries())
        if (at >= 2)
          expect(items.find(({ place }) => place === turn.place)!.context).toEqual(
            windowBefore(turns, at),
          );
  });

  it('keeps to turns that the character is on stage for', () => {
    const hers = next.items(sourceOf(saltRoad, { character: 'MAGDA' }));
    const heard = scenes.flatMap(({ turns }) =>
      turns.slice(2).filter(({ present }) => present.includes('MAGDA')),
    );
    expect(hers.map(({ place }) => place)).toEqual(heard.map(({ place }) => place));
  });

  it('asks the items of a scene together', () => {
    for (const item of items) expect(next.unitOf!(item)).toBe(item.scene);
  });

  it('counts what the scene makes likelier, not what is likely anyway', () => {
    for (const item of items) {
      // To this subject who speaks next is the least likely, but no other becomes likelier by the scene.
      const answers = answersBy(next.requests(item), (label, { context }) => {
        const isAlone = context.kind === 'scene' && context.turns.length === 0;
        return item.speakers.includes(label) ? (isAlone ? -9 : -8) : -2;
      });
      const { accuracy, 'raw accuracy': raw } = next.measure(item, answers);
      const isOnly = item.candidates.every((name) => item.speakers.includes(name));
      expect([accuracy, raw]).toEqual([1, isOnly ? 1 : 0]);
    }
  });

  it('counts each speaker alike, where they come out of turn', () => {
    const out = items.filter((item) => !isAba(item));
    const speakers = [...new Set(out.map(({ speaker }) => speaker))];
    const values = (item: NextItem): Values => ({ accuracy: Number(item.speaker === 'IVO') });
    expect(speakers).toContain('IVO');
    expect(balanced!.of!(rowsOf(values))).toBeCloseTo(1 / speakers.length, 12);
    expect(balanced!.of!([])).toBeNaN();
  });

  it('has anchors that agree with a count by hand', () => {
    const right = (name: string): number =>
      items.reduce((sum, item) => sum + anchor(name).values!(item).accuracy!, 0);
    expect(right('original')).toBe(items.length);
    expect(right('ABA')).toBe(
      scenes.reduce(
        (sum, { turns }) =>
          sum + turns.filter((turn, i) => i >= 2 && turn.speaker === turns[i - 2]!.speaker).length,
        0,
      ),
    );
    expect(balanced!.of!(rowsOf(anchor('ABA').values!))).toBe(0);
    expect(balanced!.of!(rowsOf(anchor('original').values!))).toBe(1);
  });

  it('shuffles the turns where ABA is wrong, and asks nothing elsewhere', () => {
    for (const item of items) {
      const [request] = anchor('shuffled').requests!(item);
      if (isAba(item)) expect(request).toBeUndefined();
      else if (request?.context.kind === 'scene')
        expect(new Set(request.context.turns)).toEqual(new Set(item.context));
    }
  });
});
