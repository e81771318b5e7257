import { describe, expect, it } from 'vitest';
import { sceneTurns } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import { answersBy, saltRoad, sourceOf } from '../../testing/plays/salt-road.ts';
import { firstWords } from '../turn-windows.ts';
import { cue } from './cue.ts';
import { mostWords } from './cue-candidates.ts';
import { wordOverlap } from './cue-overlap.ts';

const items = cue.items(sourceOf(saltRoad));
const turns = sceneTurns(saltRoad);
const shown = (text: string): string => firstWords(text, mostWords);
const texts = (list: readonly { readonly text: string }[]): string[] =>
  list.map(({ text }) => text);

describe('cue', () => {
  it('asks about every reply of four words or more to as long a turn', () => {
    const expected = turns.flatMap((scene) =>
      scene.turns.slice(1).filter((turn, i) => turn.words >= 4 && scene.turns[i]!.words >= 4),
    );
    expect(items.map(({ place }) => place)).toEqual(expected.map(({ place }) => place));
  });

  it('gives the same items every time', () => {
    expect(cue.items(sourceOf(saltRoad))).toEqual(items);
  });

  it('shows what was said right before, by whom, and nothing else', () => {
    const [first] = items;
    expect(first).toMatchObject({ scene: '1.1', speaker: 'PETRA' });
    expect(first!.context).toEqual([{ speaker: 'IVO', text: turns[0]!.turns[0]!.text }]);
  });

  it('offers the true reply and three wrong ones of each tier, all different', () => {
    const everySpeech = new Map(
      turns.flatMap((scene) =>
        scene.turns.map((turn) => [shown(turn.text), { ...turn, scene: scene.scene }]),
      ),
    );
    for (const item of items) {
      expect(new Set(texts(item.candidates)).size).toBe(item.candidates.length);
      const right = everySpeech.get(item.candidates[0]!.text)!;
      expect(right.place).toBe(item.place);
      for (const { text, tier } of item.candidates.slice(1)) {
        const { speaker, scene } = everySpeech.get(text)!;
        expect([speaker === right.speaker, scene === right.scene], tier).toEqual(
          {
            'other speaker': [false, false],
            'other scene': [true, false],
            'same scene': [speaker === right.speaker, true],
          }[tier as string],
        );
      }
      for (const tier of ['other speaker', 'other scene', 'same scene'])
        expect([0, 3]).toContain(item.candidates.filter((one) => one.tier === tier).length);
    }
    expect(items.some(({ candidates }) => candidates.length === 10)).toBe(true);
  });

  it('offers nothing that was just said', () => {
    for (const { context, candidates } of items)
      for (const { text } of candidates) expect(texts(context)).not.toContain(text);
  });

  it('offers the nearest in length first', () => {
    const lengthOf = (text: string): number => words(text).length;
    for (const { place, candidates, scene, context } of items) {
      const right = candidates[0]!;
      const far = (text: string): number => Math.abs(lengthOf(text) - lengthOf(right.text));
      const taken = candidates.filter(({ tier }) => tier === 'other speaker');
      const speaker = turns
        .flatMap((one) => one.turns)
        .find((turn) => turn.place === place)!.speaker;
      const left = turns
        .filter((one) => one.scene !== scene)
        .flatMap((one) => one.turns)
        .map((turn) => ({ ...turn, text: shown(turn.text) }))
        .filter((turn) => turn.speaker !== speaker && !texts(taken).includes(turn.text));
      const furthest = Math.max(...taken.map(({ text }) => far(text)));
      for (const { text } of left) expect(far(text)).toBeGreaterThanOrEqual(furthest);
      expect(context.length).toBeGreaterThan(0);
    }
  });

  it('offers words of the same part of the play only', () => {
    const apart = cue.items(sourceOf(saltRoad, { parts: { '2.1': 'holdout' } }));
    const heldOut = texts(turns.find(({ scene }) => scene === '2.1')!.turns);
    for (const { scene, candidates, impostor } of apart) {
      for (const { text } of candidates) expect(heldOut.includes(text)).toBe(scene === '2.1');
      if (scene === '2.1') expect(impostor).toEqual([]);
      else for (const { text } of impostor) expect(heldOut).not.toContain(text);
    }
  });

  it('keeps to the replies of a character', () => {
    const hers = cue.items(sourceOf(saltRoad, { character: 'MAGDA' }));
    const places = items.filter(({ speaker }) => speaker === 'MAGDA').map(({ place }) => place);
    expect(hers.map(({ place }) => place)).toEqual(expect.arrayContaining(places));
    // And the line that she and Oswin say together, which is hers where it is about her.
    expect(hers).toHaveLength(places.length + 1);
    expect(hers.every(({ speaker }) => speaker === 'MAGDA')).toBe(true);
  });

  it('credits what the scene makes likelier, not what is likely anyway', () => {
    for (const item of items) {
      const requests = cue.requests(item);
      // To this subject the right reply is unlikely, but the scene makes it less so.
      const right = item.candidates[0]!.text;
      const answers = answersBy(requests, (text, { context }) => {
        const isElsewhere = context.kind === 'scene' && context.turns === item.baseline;
        return text === right ? (isElsewhere ? -90 : -50) : -40;
      });
      expect(cue.measure(item, answers)).toMatchObject({ accuracy: 1, 'raw accuracy': 0 });
    }
  });

  it('gives chance to a subject to whom the scene says nothing', () => {
    for (const item of items) {
      const { accuracy, 'among ten': ten } = cue.measure(
        item,
        answersBy(cue.requests(item), (text) => -text.length),
      );
      expect(accuracy).toBeCloseTo(0.25, 12);
      if (ten !== undefined) expect(ten).toBeCloseTo(0.1, 12);
    }
  });

  it('shuffles all words of the context and no others', () => {
    const shuffled = cue.anchors.find(({ name }) => name === 'shuffled')!;
    for (const item of items) {
      const [request] = shuffled.requests!(item);
      const context = request!.context.kind === 'scene' ? request!.context.turns : [];
      const sorted = (list: readonly { readonly text: string }[]): string[] =>
        texts(list).join(' ').split(' ').sort();
      expect(sorted(context)).toEqual(sorted(item.context));
      expect(context.map(({ speaker }) => speaker)).toEqual(
        item.context.map(({ speaker }) => speaker),
      );
    }
  });

  it('has an impostor from another scene, in which no candidate is said', () => {
    const sceneOf = new Map(
      turns.flatMap((one) => one.turns.map(({ text }) => [text, one.scene] as const)),
    );
    // In a play as short as this the candidates are said nearly everywhere.
    const found = items.filter(({ impostor }) => impostor.length > 0);
    expect(found.length).toBeGreaterThan(items.length / 3);
    for (const { scene, impostor, baseline, candidates } of found) {
      for (const { text } of baseline) expect(texts(impostor)).not.toContain(text);
      for (const { text } of [...impostor, ...baseline]) {
        expect(sceneOf.get(text)).not.toBe(scene);
        expect(texts(candidates)).not.toContain(text);
      }
    }
  });

  it('asks anchors with as many requests as the subject, so that all are measured alike', () => {
    for (const { requests } of cue.anchors)
      if (requests)
        for (const item of items) expect(requests(item)).toHaveLength(cue.requests(item).length);
  });
});

describe('wordOverlap', () => {
  it('is 1 for the same words in any order, 0 without a common word, and symmetrical', () => {
    const overlap = wordOverlap(saltRoad);
    expect(overlap('the ledger will not close')('Close not, the ledger will.')).toBeCloseTo(1, 12);
    expect(overlap('salt')('river')).toBe(0);
    expect(overlap('salt and river')('the river')).toBeCloseTo(
      overlap('the river')('salt and river'),
      12,
    );
  });

  it('weighs rare words more', () => {
    const overlap = wordOverlap(saltRoad)('the kettle');
    expect(overlap('a kettle')).toBeGreaterThan(overlap('the cart'));
  });
});
