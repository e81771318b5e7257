import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inspectRows } from '../corpus/gates/data-gate.ts';
import { heldOutIndex, leaksInto } from '../corpus/gates/leaks.ts';
import { rowKinds, type TrainingRow } from '../corpus/rows/training-row.ts';
import { trainingRows } from '../corpus/rows/training-rows.ts';
import type { Source } from '../corpus/source.ts';
import { crossFit, splitOf } from '../corpus/splits/split.ts';
import { trainPlay } from '../corpus/splits/without-scenes.ts';
import { openPlay } from '../hub/plays.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { words } from '../play/words.ts';
import { personaOf } from '../prompt/persona/persona.ts';
import { dramatis, folder, home } from './dramatis.ts';

const sources = new Map<string, Source>();

beforeAll(async () => {
  for (const id of ['hamlet', 'macbeth']) {
    const env = { ...process.env, DRAMATIS_HOME: home };
    const { play, sha256 } = await openPlay(id, { env, offline: true });
    sources.set(id, { id, play, sha256, split: splitOf(id, play) });
  }
});

const sourceOf = (id: string, name: string): Source => {
  const source = sources.get(id)!;
  return { ...source, character: findCharacter(source.play, name) };
};

function learnt(rows: readonly TrainingRow[]): { words: number; speeches: number } {
  const texts = rows.flatMap(({ turns }) => turns.filter(({ learn }) => learn > 0));
  const count = texts.reduce((sum, { text }) => sum + words(text).length, 0);
  return { words: count, speeches: texts.length };
}

/**
 * What each says alone in the train scenes of the first edition that the catalogue names. With what is in dev and what
 * is said together with others, Hamlet's are the 8,936 words that were counted beforehand.
 */
const own: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
  hamlet: {
    HAMLET: [8549, 265],
    'KING CLAUDIUS': [2013, 57],
    'LORD POLONIUS': [1862, 56],
    HORATIO: [1576, 85],
    LAERTES: [1116, 45],
    OPHELIA: [853, 37],
    'QUEEN GERTRUDE': [789, 60],
  },
  macbeth: {
    MACBETH: [3351, 88],
    'LADY MACBETH': [1398, 33],
    MALCOLM: [1163, 28],
    MACDUFF: [771, 37],
    ROSS: [707, 29],
    BANQUO: [626, 27],
  },
};

describe('The training data of Hamlet and Macbeth', () => {
  for (const [id, characters] of Object.entries(own))
    for (const [name, [count, speeches]] of Object.entries(characters))
      it(`teaches ${name} all that they say alone in the train scenes, once`, () => {
        const found = learnt(trainingRows(sourceOf(id, name)));
        // Another edition has a word more or less here and there.
        expect(Math.abs(found.words - count)).toBeLessThanOrEqual(0.01 * count);
        expect(Math.abs(found.speeches - speeches)).toBeLessThanOrEqual(1);
      });

  it('reads fewer words as context than it teaches', () => {
    const rows = trainingRows(sourceOf('hamlet', 'hamlet'));
    const all = rows.flatMap(({ turns }) => turns.flatMap(({ text }) => words(text))).length;
    expect(all).toBeLessThan(2 * learnt(rows).words);
  });

  it('passes its own gate, for everybody, of every kind, and in every fold', () => {
    for (const source of sources.values())
      for (const split of [source.split, crossFit(source.split, 0), crossFit(source.split, 3)]) {
        const held = { ...source, split };
        const rows = trainingRows(held, { kinds: rowKinds, everyone: true, directions: true });
        expect(inspectRows(rows, [held]).findings).toEqual([]);
      }
  });

  it('fails the gate of another fold: the guard would have rung', () => {
    const source = sourceOf('hamlet', 'hamlet');
    const other = { ...source, split: crossFit(source.split, 1) };
    const faults = inspectRows(trainingRows(source), [other]).findings.map(({ fault }) => fault);
    expect(new Set(faults)).toEqual(new Set(['leak']));
  });

  it('is shown with personas that have nothing that is held out', () => {
    for (const { play, split } of sources.values()) {
      const heldOut = heldOutIndex({ play, split });
      const shown = trainPlay(play, split);
      for (const member of shown.cast.filter(({ speeches }) => speeches > 0)) {
        const persona = personaOf(shown, member);
        const texts = [persona.description, ...persona.relations, persona.situation()];
        expect(texts.flatMap((text) => leaksInto(text, heldOut))).toEqual([]);
      }
    }
  });
});

describe('dramatis corpus', () => {
  it('prints messages, and says on stderr what they come to', async () => {
    const { code, out, err } = await dramatis(['corpus', 'ophelia']);
    expect(code).toBe(0);
    expect(err).toMatch(/^OPHELIA in Hamlet: \d+ rows, [\d,]+ words, 8\d\d of them learnt in 3\d/);
    for (const line of out.trim().split('\n')) {
      const { messages, source } = JSON.parse(line);
      expect(messages.at(-1).role).toBe('assistant');
      expect(source).toMatch(/^hamlet \d\.\d\.\d+/);
    }
  });

  it('writes rows that it takes again with --data, and refuses what is wrong with a line', async () => {
    await using at = await folder();
    const file = join(at.path, 'rows.jsonl');
    const made = await dramatis(['corpus', 'macbeth', '--kinds', 'own', '--json', '--out', file]);
    expect(made).toMatchObject({ code: 0, out: '' });
    const again = await dramatis(['corpus', 'macbeth', '--data', file]);
    expect(again.code).toBe(0);
    await writeFile(file, '\n{"instruction": "Who is there?", "output": "Nobody."}\n');
    const refused = await dramatis(['corpus', 'macbeth', '--data', file]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain(`line 2 of ${file} has no place and no source`);
  });
});
