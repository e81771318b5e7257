import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../corpus/source.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import { realPlayIds, realPlays } from '../../testing/real-plays.ts';
import { isAccepted, isRejected } from './know-judge.ts';
import { type KnownQuestion, readQuestions, requireFits } from './know-questions.ts';

let sources: ReadonlyMap<string, Source>;
beforeAll(async () => {
  sources = await realPlays();
});

const files = realPlayIds.map((id) => {
  const path = new URL(`../../../data/questions/${id}.jsonl`, import.meta.url);
  return { id, file: readQuestions(readFileSync(path, 'utf8'), `${id}.jsonl`) };
});
const all = files.flatMap(({ file }) => file.questions);
const known = all.filter((question): question is KnownQuestion => question.kind === 'known');
const unknown = all.filter((question) => question.kind !== 'known');
const denials = ['I know not.', 'I have neither seen nor heard anything of that, my lord.'];

describe('The questions shipped', () => {
  it('fit the plays: everybody, every place, every line', () => {
    for (const { id, file } of files) {
      expect(file.play).toBe(id);
      requireFits(file, sources.get(id)!.play, `${id}.jsonl`);
    }
  });

  it('are at least 150 about ten characters, a third of which cannot be known', () => {
    expect(all.length).toBeGreaterThanOrEqual(150);
    const names = files.flatMap(({ id, file }) =>
      file.questions.map(({ character }) => findCharacter(sources.get(id)!.play, character).name),
    );
    expect(new Set(names).size).toBe(10);
    expect(unknown.length / all.length).toBeGreaterThan(1 / 3);
    for (const kind of ['before', 'never', 'outside'])
      expect(unknown.filter((one) => one.kind === kind).length).toBeGreaterThan(30);
  });

  it('can all be scored both ways, and are in every part', () => {
    for (const { id, answer, choices, gold } of known) {
      expect(answer, id).toBeDefined();
      expect(choices.length, id).toBeGreaterThanOrEqual(3);
      expect(gold.length, id).toBeGreaterThanOrEqual(1);
    }
    const parts = files.flatMap(({ id, file }) =>
      file.questions.flatMap((question) => {
        if (question.kind !== 'known') return [];
        const [act, scene] = question.gold[0]!.from.split('.');
        return sources.get(id)!.split.partOf(`${act}.${scene}`);
      }),
    );
    for (const [part, least] of [
      ['train', 100],
      ['holdout', 40],
      ['dev', 10],
    ] as const)
      expect(parts.filter((one) => one === part).length, part).toBeGreaterThanOrEqual(least);
  });

  it('take neither the question itself nor a denial for a right answer', () => {
    for (const { id, accept, question } of known)
      for (const said of [question, ...denials]) expect(isAccepted(accept, said), id).toBe(false);
  });

  it('take neither the question itself nor a denial for knowledge of what cannot be known', () => {
    for (const { id, reject, question } of unknown)
      for (const said of [question, ...denials]) expect(isRejected(reject, said), id).toBe(false);
  });
});
