import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../measure/row.ts';
import { about, answered, mill } from '../../testing/plays/mill.ts';
import type { Request } from '../task.ts';
import { type BitsItem, bits } from './bits.ts';

const items = bits.items(about(mill, 'TILDA'));
const wordsOf = (text: string): string[] => text.split(' ').sort();
const scored = (
  request: Request | undefined,
): { label: string; text: string; before: string[] } => {
  if (request?.kind !== 'score' || request.context.kind !== 'scene') throw new Error('no scene');
  const { speaker, turns } = request.context;
  return { label: speaker!, text: request.continuations[0]!, before: turns.map((t) => t.text) };
};
const rowsBy = (nats: (item: BitsItem) => number): Row<BitsItem>[] =>
  items.map((item) => {
    const answers = answered(bits.requests(item), () => nats(item));
    return { item, answers, values: bits.measure(item, answers) };
  });
const metric = (name: string, rows: Row<BitsItem>[]): number =>
  bits.metrics.find((one) => one.name === name)!.of!(rows);

describe('bits', () => {
  it('has every speech of three words or more of the character, and prose once in each scene', () => {
    const own = items.filter(({ kind }) => kind === 'own');
    expect(own.map(({ place }) => place)).toEqual([
      '1.1.2',
      '1.1.4',
      '1.1.6',
      '1.1.10',
      '2.1.2',
      '2.1.5',
      '2.2.2',
    ]);
    const neutral = items.filter(({ kind }) => kind === 'neutral');
    expect(neutral.map(({ scene }) => scene)).toEqual(['1.1', '2.1', '2.2']);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  it('takes for every own speech one of somebody else from the same part, none twice', () => {
    const others = items.filter(({ kind }) => kind === 'other');
    const part = ({ scene }: BitsItem): string => mill.split.partOf(scene);
    for (const name of ['train', 'holdout']) {
      const own = items.filter((item) => item.kind === 'own' && part(item) === name);
      const there = others.filter((item) => part(item) === name);
      expect(there.length).toBeLessThanOrEqual(own.length);
      expect(there.length).toBeGreaterThan(0);
    }
    expect(new Set(others.map(({ place }) => place)).size).toBe(others.length);
    const spoken = mill.play.acts.flatMap((act) => act.scenes).flatMap((scene) => scene.elements);
    for (const { place } of others) {
      const speech = spoken.find((one) => one.kind === 'speech' && one.place === place);
      expect(speech).not.toMatchObject({ speakers: ['TILDA'] });
    }
  });

  it('puts every text under the character’s label, after what was said in the scene before it', () => {
    for (const item of items) {
      const { label, text, before } = scored(bits.requests(item)[0]);
      expect(label).toBe('TILDA');
      expect(text).toBe(item.text);
      expect(before.join(' ').split(' ').length).toBeLessThanOrEqual(41);
    }
    expect(scored(bits.requests(items.find(({ place }) => place === '1.1.2')!)[0]).before).toEqual([
      'The wheel stands still, the race is dry, and all the village wants for bread since Easter.',
    ]);
  });

  it('gives the gap in bits per byte, long texts counting as long as they are', () => {
    const rows = rowsBy(({ kind, text }) => -(kind === 'own' ? 1 : 2) * Buffer.byteLength(text));
    expect(metric('own', rows)).toBeCloseTo(1 / Math.LN2, 9);
    expect(metric('other minus own', rows)).toBeCloseTo(1 / Math.LN2, 9);
    const oneNatEach = rowsBy(() => -1);
    const own = items.filter(({ kind }) => kind === 'own');
    const bytes = own.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(metric('own', oneNatEach)).toBeCloseTo(own.length / bytes / Math.LN2, 9);
  });

  it('has no gap where there is nothing to compare with', () => {
    expect(metric('other minus own', [])).toBeNaN();
    expect(
      metric(
        'own',
        rowsBy(() => -1).filter(({ item }) => item.kind !== 'own'),
      ),
    ).toBeNaN();
  });

  it('shuffles the character’s own words and no others', () => {
    const { requests } = bits.anchors.find(({ name }) => name === 'shuffled')!;
    for (const item of items) {
      const { text } = scored(requests!(item)[0]);
      if (item.kind === 'own') expect(wordsOf(text)).toEqual(wordsOf(item.text));
      else expect(text).toBe(item.text);
      expect(requests!(item)).toEqual(requests!(item));
    }
    const moved = items.filter((item) => scored(requests!(item)[0]).text !== item.text);
    expect(moved.length).toBeGreaterThan(4);
  });

  it('breaks its invariant only if order tells the model nothing', () => {
    expect(bits.invariants).toEqual([['subject', 'shuffled']]);
  });

  it('is finite for any scores', () => {
    const nats = fc.array(fc.double({ min: -500, max: 0, noNaN: true }), {
      minLength: items.length,
    });
    fc.assert(
      fc.property(nats, (list) => {
        const rows = rowsBy((item) => list[items.indexOf(item)]!);
        expect(Number.isFinite(metric('other minus own', rows))).toBe(true);
      }),
    );
  });

  it('is about all main characters if it is about nobody', () => {
    const speakers = new Set(bits.items(mill).map(({ speaker }) => speaker));
    expect([...speakers].sort()).toEqual(['BERTA', 'OSWIN', 'ROLF', 'TILDA']);
  });
});
