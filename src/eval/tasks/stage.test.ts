import { describe, expect, it } from 'vitest';
import type { Row, Values } from '../../measure/row.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { answersBy, saltRoad, sourceOf } from '../../testing/plays/salt-road.ts';
import { type StageItem, stage } from './stage.ts';

const items = stage.items(sourceOf(saltRoad));
const turns = sceneTurns(saltRoad).flatMap((scene) => scene.turns);
const anchor = (name: string) => stage.anchors.find((one) => one.name === name)!;
const rowsOf = (values: (item: StageItem) => Values): Row<StageItem>[] =>
  items.map((item) => ({ item, answers: [], values: values(item) }));
const metric = (name: string) => stage.metrics.find((one) => one.name === name)!;

/** Who is on stage when a turn begins, by hand: entrances and exits as they are printed in the play. */
const onStage: Readonly<Record<string, readonly string[]>> = {
  '1.1.4': ['IVO', 'OSWIN', 'PETRA'],
  '1.1.7': ['IVO', 'PETRA'],
  '1.2.3': ['MAGDA', 'OSWIN'],
  '1.2.11': ['MAGDA', 'OSWIN'],
  '2.1.9': ['IVO', 'OSWIN', 'PETRA'],
};

describe('stage', () => {
  it('asks as often of one who is here as of one who is not', () => {
    expect(items.filter(({ isHere }) => isHere)).toHaveLength(items.length / 2);
    expect(items.length).toBeGreaterThan(20);
  });

  it('asks somebody on stage about another person of the scene, at the same moment', () => {
    for (const { place, asked, person, isHere } of items) {
      const turn = turns.find((one) => one.place === place)!;
      expect(turn.present).toContain(asked);
      expect(person).not.toBe(asked);
      expect(turn.present.includes(person)).toBe(isHere);
    }
  });

  it('knows who is here by the entrances and exits printed', () => {
    const checked = items.filter(({ place }) => onStage[place]);
    expect(checked.length).toBeGreaterThan(2);
    for (const { place, person, isHere } of checked)
      expect(onStage[place]!.includes(person), `${person} at ${place}`).toBe(isHere);
  });

  it('shows the directions before the moment, and not those after it', () => {
    const pageAt = (place: string): string[] =>
      items.find((item) => item.place === place)!.context.map(({ text }) => text);
    // Oswin comes after this turn; while it is spoken he is away.
    const before = pageAt('2.1.5');
    expect(before[0]).toMatch(/^\[Enter IVO, PETRA and MAGDA] Speak plainly/);
    expect(before.at(-1)).toMatch(/listening all night long\.$/);
    expect(pageAt('2.1.9')[4]).toBe(`${before.at(-1)} [Enter OSWIN]`);
  });

  it('knows whom the page has shown', () => {
    for (const { context, person, wasSeen, isHere } of items) {
      const page = context.map(({ speaker, text }) => `${speaker} ${text}`).join(' ');
      expect(wasSeen).toBe(page.toUpperCase().includes(person));
      if (isHere) expect(wasSeen, person).toBe(true);
    }
  });

  it('has at most twelve moments of a scene, in order, one person asked throughout', () => {
    for (const { scene } of sceneTurns(saltRoad)) {
      const own = items.filter((item) => item.scene === scene);
      expect(new Set(own.map(({ place }) => place)).size).toBeLessThanOrEqual(12);
      expect(new Set(own.map(({ asked }) => asked)).size).toBe(1);
      const lines = own.map(({ place }) => Number(place.split('.')[2]));
      expect(lines).toEqual([...lines].sort((a, b) => a - b));
    }
  });

  it('asks the character, where the play is about one', () => {
    const hers = stage.items(sourceOf(saltRoad, { character: 'MAGDA' }));
    expect(new Set(hers.map(({ asked }) => asked))).toEqual(new Set(['MAGDA']));
    expect(new Set(hers.map(({ scene }) => scene))).toEqual(new Set(['1.2', '2.1']));
  });

  it('takes from an answer how much of a yes-sayer the subject is', () => {
    for (const item of items) {
      // Yes is always likelier to this subject; the page makes it more so for who is here.
      const answers = answersBy(stage.requests(item), (text, { context }) => {
        if (text.startsWith('No')) return -9;
        const isAlone = context.kind === 'scene' && context.turns.length === 1;
        return isAlone ? -3 : item.isHere ? -2 : -4;
      });
      expect(stage.measure(item, answers)).toMatchObject({
        accuracy: 1,
        yes: Number(item.isHere),
        'raw yes': 1,
      });
    }
  });

  it('gives half to who always says yes, and all to who knows', () => {
    const balanced = metric('balanced accuracy').of!;
    const f1 = metric('F1').of!;
    const row = (name: string) => rowsOf(anchor(name).values!);
    expect([balanced(row('always yes')), f1(row('always yes'))]).toEqual([0.5, 2 / 3]);
    expect([balanced(row('original')), f1(row('original'))]).toEqual([1, 1]);
    expect(balanced(row('empty'))).toBe(0.5);
    expect(balanced([])).toBeNaN();
  });

  it('has an F1 that agrees with the sets counted one by one', () => {
    const says = ({ id }: StageItem): boolean => Number.parseInt(id.slice(0, 2), 16) % 3 > 0;
    const right = items.filter((item) => item.isHere && says(item)).length;
    const precision = right / items.filter(says).length;
    const recall = right / (items.length / 2);
    expect(metric('F1').of!(rowsOf((item) => ({ yes: Number(says(item)) })))).toBeCloseTo(
      (2 * precision * recall) / (precision + recall),
      12,
    );
  });
});
