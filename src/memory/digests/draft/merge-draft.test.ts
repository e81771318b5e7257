import { describe, expect, it } from 'vitest';
import { lighthouseHeader, lighthouseRows } from '../../../testing/plays/lighthouse-digests.ts';
import { type DraftedScene, type DraftFile, isEdited, mergeDraft } from './merge-draft.ts';

const { id: _, ...fact } = lighthouseRows[0]!;
const source = { model: 'm', prompt: '1', scene: 'a scene' };
const drafted = (...texts: string[]): DraftedScene => ({
  scene: '1.1',
  key: `key of ${texts.length}`,
  source,
  rows: texts.map((text) => ({ ...fact, text, roles: {} })),
});
const empty: DraftFile = { header: lighthouseHeader, rows: [] };
const texts = ({ rows }: DraftFile): string[] => rows.map(({ text }) => text);

describe('a draft in a file', () => {
  it('has ids of its own, its origin, and the scene noted as read', () => {
    const { header, rows } = mergeDraft(empty, drafted('{ADA} came.', '{ADA} went.'), false);
    expect(rows.map(({ id }) => id)).toEqual(['1.1-1', '1.1-2']);
    expect(rows[0]!.source).toMatchObject(source);
    expect(header.drafted).toEqual({ '1.1': 'key of 2' });
    expect(rows.some(isEdited)).toBe(false);
  });

  it('takes the place of what was drafted before, and leaves what was changed or written by hand', () => {
    const before = mergeDraft(empty, drafted('{ADA} came.', '{ADA} went.'), false);
    const [came, went] = before.rows;
    const changed = { ...went!, text: '{ADA} ran.' };
    const byHand = { ...lighthouseRows[2]! };
    const file = { ...before, rows: [came!, changed, byHand] };
    expect(file.rows.map(isEdited)).toEqual([false, true, true]);
    const after = mergeDraft(file, drafted('{ADA} slept.', '{ADA} woke.', '{ADA} ran.'), false);
    expect(texts(after)).toEqual(['{ADA} ran.', '{ADA} slept.', '{ADA} woke.', byHand.text]);
    expect(new Set(after.rows.map(({ id }) => id)).size).toBe(4);
  });

  it('gives up what was changed by hand only if forced', () => {
    const before = mergeDraft(empty, drafted('{ADA} came.'), false);
    const file = { ...before, rows: [{ ...before.rows[0]!, text: '{ADA} ran.' }] };
    expect(texts(mergeDraft(file, drafted('{ADA} slept.'), true))).toEqual(['{ADA} slept.']);
  });

  it('counts a line whose origin was taken out as one by hand, and one with another id as drafted', () => {
    const [row] = mergeDraft(empty, drafted('{ADA} came.'), false).rows;
    const { source: _, ...own } = row!;
    expect(isEdited(own)).toBe(true);
    expect(isEdited({ ...row!, id: '1.1-9' })).toBe(false);
  });

  it('names those who are called by what they are', () => {
    const scene = drafted('{ADA} came.');
    const rows = scene.rows.map((row) => ({ ...row, roles: { CLEO: 'the keeper' } }));
    expect(mergeDraft(empty, { ...scene, rows }, false).header.persons).toMatchObject({
      CLEO: { name: 'the keeper', is: ['CLEO'] },
      MOTHER: {},
    });
  });
});
