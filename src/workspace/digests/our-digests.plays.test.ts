import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../corpus/source.ts';
import type { Digest } from '../../memory/digests/digest.ts';
import { knownBy } from '../../memory/digests/known-by.ts';
import { readDigestFile, readDigests } from '../../memory/digests/read-digests.ts';
import { renderDigest } from '../../memory/digests/render-digest.ts';
import { comparePlaces, parsePlace } from '../../play/place.ts';
import { callsOf } from '../../prompt/persona/relations.ts';
import { realPlayIds, realPlays } from '../../testing/real-plays.ts';

/** Facts of a scene: fewer leave out what happens, more are about nothing. */
const leastOfScene = 4;

const textOf = (id: string): string =>
  readFileSync(new URL(`../../../data/digests/${id}.jsonl`, import.meta.url), 'utf8');

let plays: Map<string, Source>;

beforeAll(async () => {
  plays = await realPlays();
});

for (const id of realPlayIds)
  describe(`our digests of ${id}`, () => {
    let source: Source;
    let digests: readonly Digest[];

    beforeAll(() => {
      source = plays.get(id)!;
      ({ digests } = readDigests(textOf(id), id, source));
    });

    it('are without fault in the text that they name', () => {
      expect(readDigestFile(textOf(id), source)).toMatchObject({ faults: [], isRelocated: false });
    });

    it('tell of every scene', () => {
      const counts = source.play.acts.flatMap((act) =>
        act.scenes.map((scene) => {
          const own = digests.filter(
            ({ from }) => from.act === act.number && from.scene === scene.number,
          );
          return [`${act.number}.${scene.number}`, own.length] as const;
        }),
      );
      expect(counts.filter(([, count]) => count < leastOfScene)).toEqual([]);
    });

    it('are sentences in the words of the narrator and of everybody who knows them', () => {
      for (const digest of digests)
        for (const name of [undefined, ...digest.known.keys()]) {
          const character = source.play.cast.find((member) => member.name === name);
          const telling = character && {
            character: character.name,
            calls: callsOf(source.play, character),
          };
          const text = renderDigest(digest, telling);
          expect(text, digest.id).toMatch(/^[\p{Lu}“"][^{}]*[.!?]["”]?$/u);
          expect(text, digest.id).not.toMatch(/\b(?:I|me|my) (?:is|are|has|I|me|my)\b|\bI's\b/);
        }
    });

    it('are known to nobody who neither was there nor is told, and to nobody before', () => {
      for (const digest of digests)
        for (const { name } of source.play.cast) {
          const knowledge = digest.known.get(name);
          expect(knownBy(digest, name), digest.id).toBe(knowledge);
          if (knowledge?.at.line !== undefined)
            expect(knownBy(digest, name, knowledge.at), digest.id).toBeUndefined();
        }
    });

    it('are all found again as those of another edition, and let nobody know anything sooner', () => {
      const { digests: again, dropped } = readDigests(textOf(id), id, {
        play: source.play,
        sha256: 'of another edition',
      });
      expect(dropped).toEqual([]);
      const before = new Map(digests.map((digest) => [digest.id, digest]));
      for (const digest of again)
        for (const [name, { at }] of digest.known) {
          const was = before.get(digest.id)!.known.get(name);
          expect(was, `${digest.id} is known to ${name}`).toBeDefined();
          expect(comparePlaces(at, was!.at), `${digest.id}, ${name}`).toBeGreaterThanOrEqual(0);
        }
    });
  });

describe('Hamlet', () => {
  const known = (at: string): string =>
    readDigests(textOf('hamlet'), 'hamlet', plays.get('hamlet')!)
      .digests.filter((digest) => knownBy(digest, 'HAMLET', parsePlace(at)))
      .map((digest) => renderDigest(digest, { character: 'HAMLET' }))
      .join('\n');

  it('has not heard of the murder at 1.2, and has after the ghost told him', () => {
    expect(known('1.2')).not.toMatch(/murder|poison/);
    expect(known('2.1')).toMatch(/murdered|poison/);
  });
});
