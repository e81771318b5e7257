import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { embeddingModel, findEntry, models } from '../hub/catalogue.ts';
import { digestRows } from '../memory/digest-rows.ts';
import { readDigests } from '../memory/digests/read-digests.ts';
import { textHash } from '../memory/text-hash.ts';
import { readVectors } from '../memory/vectors-file.ts';
import { realPlayIds, realPlays } from '../testing/real-plays.ts';
import { cardFacts } from './card-facts.ts';

const plays = await realPlays();
const pathOf = (name: string): string =>
  fileURLToPath(new URL(`../../data/digests/${name}`, import.meta.url));

describe('The vectors that are shipped', () => {
  it.each(realPlayIds)(
    'are those of the digests of %s: else run .ci/digest-vectors.mjs',
    async (id) => {
      const path = pathOf(`${id}.jsonl`);
      const { digests } = readDigests(readFileSync(path, 'utf8'), path, plays.get(id)!);
      const texts = digestRows([...digests, ...cardFacts(plays.get(id)!.play)]).rows.map(
        ({ embedded }) => embedded,
      );
      const embedder = findEntry(models(), embeddingModel)!.sha256!;
      const shipped = await readVectors(pathOf(`${id}.vectors`), embedder);
      if (!shipped || 'reason' in shipped) throw new Error(shipped?.reason ?? 'there are none');
      expect(texts.filter((text) => !shipped.rows.has(textHash(text)))).toEqual([]);
      expect(shipped.rows.size, 'rows of no text are there').toBe(new Set(texts).size);
    },
  );
});
