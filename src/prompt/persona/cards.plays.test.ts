import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { realPlays } from '../../testing/real-plays.ts';
import { cardFiles, isNamed } from './card.ts';
import { cardRelations } from './relations.ts';

let sources: Awaited<ReturnType<typeof realPlays>>;
beforeAll(async () => {
  sources = await realPlays();
});

/** Names that a digest file's header has beside those of the cast: "YORICK". */
function namesOfDigests(play: string): readonly string[] {
  const path = new URL(`../../../data/digests/${play}.jsonl`, import.meta.url);
  const [header = '{}'] = readFileSync(path, 'utf8').split('\n');
  return Object.keys((JSON.parse(header) as { persons?: object }).persons ?? {});
}

describe('The cards', () => {
  for (const { play, cards } of cardFiles())
    it(`are of people of ${play}, and tell of nobody else`, () => {
      const { cast } = sources.get(play)!.play;
      const isInCast = (name: string): boolean => cast.some((member) => isNamed(member, name));
      const others = namesOfDigests(play);
      for (const card of cards) {
        expect(isInCast(card.name), card.name).toBe(true);
        const strangers = cardRelations(card)
          .map(({ person }) => person)
          .filter((person) => !isInCast(person) && !others.includes(person));
        expect(strangers, card.name).toEqual([]);
      }
    });
});
